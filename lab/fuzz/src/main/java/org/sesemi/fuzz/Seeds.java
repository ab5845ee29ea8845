package org.sesemi.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sesemi.wire.Bytes;

/** Writes good inputs for the fuzzer to begin from. */
final class Seeds {

  private Seeds() {}

  /**
   * Writes the seeds of a target; for {@code all} every seed begins with the byte that chooses its
   * target.
   */
  static void write(String target, Path folder) throws IOException {
    if (!target.equals("all")) {
      write(folder, target, new byte[0]);
      return;
    }
    List<String> names = Targets.names();
    for (int i = 0; i < names.size(); i++) {
      write(folder, names.get(i), new byte[] {(byte) i});
    }
  }

  private static void write(Path folder, String target, byte[] prefix) throws IOException {
    int number = 0;
    for (Bytes seed : Targets.seeds(target)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      content.writeBytes(prefix);
      content.writeBytes(seed.toArray());
      Files.write(folder.resolve(target + "-" + number++), content.toByteArray());
    }
  }
}
