package org.sesemi.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.wire.JsonFields;

class OutputTest {

  @TempDir private Path folder;

  @Test
  void aKeyIsMadeShownAndNeverPrinted() throws Exception {
    String home = folder.resolve("home").toString();
    CommandHarness.Outcome made =
        CommandHarness.run("key", "create", "alice", "--home", home, "--json");
    assertThat(made.exitCode()).isZero();
    JsonFields envelope = made.json();
    assertThat(envelope.text("apiVersion")).isEqualTo("sesemi/v1");
    assertThat(envelope.text("status")).isEqualTo("ok");
    JsonFields data = envelope.object("data");
    String id = data.text("id");
    Path file = Path.of(data.text("file"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(home))))
        .isEqualTo("rwx------");
    String secret = JsonFields.of(Files.readAllBytes(file)).text("secret");
    CommandHarness.Outcome shown = CommandHarness.run("key", "show", "--home", home);
    assertThat(shown.out()).contains("alice").contains(id).doesNotContain(secret);
    assertThat(made.out() + made.err() + shown.err()).doesNotContain(secret);
  }

  @Test
  void theEnvironmentNamesTheFolderAndAnOptionBeatsIt() {
    String one = folder.resolve("one").toString();
    String two = folder.resolve("two").toString();
    Map<String, String> environment = Map.of("SESEMI_HOME", one);
    assertThat(CommandHarness.run(environment, "", "key", "create", "a").exitCode()).isZero();
    assertThat(CommandHarness.run(environment, "", "key", "create", "b", "--home", two).exitCode())
        .isZero();
    assertThat(CommandHarness.run("key", "show", "--home", one).out()).contains("a ");
    assertThat(CommandHarness.run("key", "show", "--home", two).out()).contains("b ");
  }

  @Test
  void nothingIsColouredWhereNobodyLooks() {
    CommandHarness.Outcome outcome = CommandHarness.run("--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).doesNotContain("\u001b").contains("demo", "up", "infer", "EXAMPLES");
  }
}
