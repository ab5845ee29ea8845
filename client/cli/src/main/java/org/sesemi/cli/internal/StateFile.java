package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/** Reads and writes small JSON documents of the state folder. */
public final class StateFile {

  private static final long MAX_SIZE = 1 << 20;

  private StateFile() {}

  /**
   * Reads a document.
   *
   * @param file where it is
   * @param form makes something of its fields
   * @param <T> what is made of it
   * @throws CliException with {@code state.damaged} when it is not in the form expected
   */
  public static <T> T read(Path file, Function<JsonFields, T> form) {
    try {
      if (Files.size(file) > MAX_SIZE) {
        throw new CliException(CliException.Code.STATE_DAMAGED, file + " is too large");
      }
      return form.apply(JsonFields.of(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new CliException(CliException.Code.STATE_DAMAGED, "cannot read " + file, e);
    } catch (WireException e) {
      throw new CliException(
          CliException.Code.STATE_DAMAGED, file + " is damaged: " + e.detail(), e);
    }
  }

  /**
   * Writes a document, which then is old or new but never half.
   *
   * @param file where it shall be
   * @param fields its fields
   */
  public static void write(Path file, Fields fields) {
    try {
      PrivateFiles.write(file, (fields.text() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot write " + file, e);
    }
  }
}
