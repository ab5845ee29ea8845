package org.sesemi.attestation.internal.attester;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same operations on the files of a real kernel. */
final class PseudoFilesTest {

  @Test
  void aFileThatTheKernelMakesUpIsReadToItsEnd() throws IOException {
    Path file = Path.of("/proc/sys/kernel/ostype");
    assertThat(Files.size(file)).isZero();
    assertThat(PseudoFiles.line(file)).isEqualTo("Linux");
    assertThat(PseudoFiles.number(Path.of("/proc/sys/kernel/pid_max"))).isPositive();
    assertThatThrownBy(() -> PseudoFiles.number(file)).hasMessage("it holds no number");
  }

  @Test
  void readingIsBounded(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[10]);
    assertThat(PseudoFiles.read(file, 10)).hasSize(10);
    assertThatThrownBy(() -> PseudoFiles.read(file, 9)).hasMessage("there are more than 9 bytes");
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    assertThat(PseudoFiles.read(empty, 9)).isEmpty();
  }

  @Test
  void writingNeitherTruncatesNorCreates(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), "abcdef".getBytes(US_ASCII));
    PseudoFiles.write(file, "xy".getBytes(US_ASCII));
    assertThat(Files.readString(file, US_ASCII)).isEqualTo("xycdef");
    assertThatThrownBy(() -> PseudoFiles.write(folder.resolve("none"), new byte[1]))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void reasonsAreForPeople() {
    assertThat(PseudoFiles.reason(new NoSuchFileException("/x"))).isEqualTo("it is not there");
    assertThat(PseudoFiles.reason(new FileSystemException("/x", null, "Some reason")))
        .isEqualTo("Some reason");
    assertThat(PseudoFiles.reason(new IOException("text"))).isEqualTo("text");
    assertThat(PseudoFiles.reason(new IOException((String) null))).isEqualTo("IOException");
  }
}
