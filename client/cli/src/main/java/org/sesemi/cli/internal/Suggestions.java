package org.sesemi.cli.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What may have been meant by a word that a command does not know. */
final class Suggestions {

  private static final int MAX_COUNT = 3;

  private Suggestions() {}

  /** Returns the command's own words that differ little from a word, the nearest first. */
  static List<String> forWord(String word, CommandLine command) {
    String typed = word.replaceFirst("=.*", "");
    int limit = Math.max(1, typed.length() / 3);
    Stream<String> known =
        typed.startsWith("-")
            ? command.getCommandSpec().options().stream().map(OptionSpec::longestName)
            : command.getSubcommands().entrySet().stream()
                .filter(sub -> !sub.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey);
    return known
        .filter(candidate -> distance(typed, candidate) <= limit)
        .sorted(Comparator.comparingInt(candidate -> distance(typed, candidate)))
        .limit(MAX_COUNT)
        .toList();
  }

  /** Counts insertions, deletions, replacements, and swaps of neighbours. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + same, Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
