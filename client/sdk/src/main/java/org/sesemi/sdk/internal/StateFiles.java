package org.sesemi.sdk.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.UUID;
import org.sesemi.wire.JsonObject;

/** Writes small private files so that a crash leaves the old content or the new, never half. */
public final class StateFiles {

  private StateFiles() {}

  /**
   * Replaces the content of a file.
   *
   * @param file the file
   * @param json what it shall hold
   * @throws IOException when it cannot be written
   */
  public static void write(Path file, JsonObject json) throws IOException {
    byte[] content = (json.toText() + "\n").getBytes(StandardCharsets.UTF_8);
    Path fresh = file.resolveSibling("." + UUID.randomUUID() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        var _ = channel.write(buffer);
      }
      channel.force(true);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
