package org.sesemi.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sesemi.wire.ErrorCode;

/**
 * docs/errors.md names every error code of the project as the code has it. Run with {@code
 * -Dsesemi.errors=write} to write its table afresh.
 */
class ErrorIndexTest {

  private static final Path INDEX = Path.of("../../docs/errors.md");
  private static final String ROW = "| `";

  @Test
  void theIndexNamesEveryCode() throws IOException {
    SortedSet<String> rows = new TreeSet<>();
    codes().forEach(code -> rows.add(row(code)));
    if ("write".equals(System.getProperty("sesemi.errors"))) {
      write(rows);
    }
    List<String> written =
        Files.readAllLines(INDEX, UTF_8).stream().filter(line -> line.startsWith(ROW)).toList();
    SortedSet<String> missing = new TreeSet<>(rows);
    missing.removeAll(written);
    SortedSet<String> stale = new TreeSet<>(written);
    stale.removeAll(rows);
    assertThat(missing)
        .as("rows missing in %s, ready to paste:%n%s%n", INDEX, String.join("\n", missing))
        .isEmpty();
    assertThat(stale)
        .as("rows in %s that no code has:%n%s%n", INDEX, String.join("\n", stale))
        .isEmpty();
    assertThat(written).as("rows are sorted, each once").isEqualTo(List.copyOf(rows));
  }

  /** A code may be used by two modules, but then it means the same to a program. */
  @Test
  void oneCodeHasOneMeaning() {
    Map<String, ErrorCode> seen = new HashMap<>();
    for (ErrorCode code : codes()) {
      ErrorCode before = seen.putIfAbsent(code.code(), code);
      if (before != null) {
        assertThat(code.category()).as(code.code()).isEqualTo(before.category());
        assertThat(code.retryable()).as(code.code()).isEqualTo(before.retryable());
      }
    }
    assertThat(seen).hasSizeGreaterThan(50);
  }

  @Test
  void codesAndHintsHaveTheirForm() {
    for (ErrorCode code : codes()) {
      assertThat(code.code()).matches("[a-z0-9-]{1,40}(\\.[a-z0-9-]{1,40}){1,2}");
      assertThat(code.hint()).as(code.code()).isNotBlank().doesNotContain("|", "\n");
    }
  }

  private static List<ErrorCode> codes() {
    return new ClassFileImporter()
        .importPackages("org.sesemi").stream()
            .filter(type -> type.isEnum() && type.isAssignableTo(ErrorCode.class))
            .map(JavaClass::reflect)
            .flatMap(type -> List.of(type.getEnumConstants()).stream())
            .map(ErrorCode.class::cast)
            .toList();
  }

  private static String row(ErrorCode code) {
    return String.format(
        Locale.ROOT,
        "| `%s` | %s | %d | %d | %s | %s |",
        code.code(),
        code.category().text(),
        code.category().httpStatus(),
        code.category().exitCode(),
        code.retryable() ? "yes" : "no",
        code.hint());
  }

  private static void write(SortedSet<String> rows) throws IOException {
    String text = Files.readString(INDEX, UTF_8);
    String head = text.substring(0, text.indexOf("|---"));
    String rule = text.substring(head.length(), text.indexOf('\n', head.length()) + 1);
    Files.writeString(INDEX, head + rule + String.join("\n", rows) + "\n", UTF_8);
  }
}
