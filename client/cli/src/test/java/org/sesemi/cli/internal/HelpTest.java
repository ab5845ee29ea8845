package org.sesemi.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

class HelpTest {

  private static final Terminal NOWHERE =
      new Terminal(
          java.io.InputStream.nullInputStream(),
          new java.io.PrintStream(
              java.io.OutputStream.nullOutputStream(),
              false,
              java.nio.charset.StandardCharsets.UTF_8),
          new java.io.PrintStream(
              java.io.OutputStream.nullOutputStream(),
              false,
              java.nio.charset.StandardCharsets.UTF_8),
          java.util.Map.of(),
          false,
          false);

  private static List<CommandLine> all(CommandLine commandLine) {
    List<CommandLine> all = new ArrayList<>();
    all.add(commandLine);
    commandLine.getSubcommands().values().forEach(sub -> all.addAll(all(sub)));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> everyCommandHasHelpWithExamplesThatParse() {
    CommandLine root = CommandLineRunner.commandLine(new Session(NOWHERE));
    return all(root).stream()
        .map(
            command ->
                DynamicTest.dynamicTest(
                    command.getCommandSpec().qualifiedName(" "), () -> check(command)));
  }

  private static void check(CommandLine command) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    assertThat(help).contains("EXAMPLES").doesNotContain("\u001b");
    String[] examples = command.getCommandSpec().usageMessage().footer();
    assertThat(examples).isNotEmpty();
    for (String example : examples) {
      String line = example.strip().replaceFirst("^cat [^|]*\\| *", "");
      assertThat(line).startsWith("sesemi ");
      List<String> words = new ArrayList<>(List.of(line.split(" +")));
      words.removeFirst();
      words.replaceAll(word -> word.replace("'", ""));
      var _ =
          CommandLineRunner.commandLine(new Session(NOWHERE))
              .parseArgs(words.toArray(String[]::new));
    }
  }
}
