package org.sesemi.cli.internal.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordPieceTokenizerTest {

  private static final List<String> PIECES =
      List.of(
          "[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", "!", "##s", "a", "b",
          "学", "##1");

  private final WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary(), 8);

  private static Map<String, Integer> vocabulary() {
    Map<String, Integer> vocabulary = new HashMap<>();
    for (int i = 0; i < PIECES.size(); i++) {
      vocabulary.put(PIECES.get(i), i);
    }
    return vocabulary;
  }

  private List<String> pieces(String text) {
    return java.util.Arrays.stream(tokenizer.encode(text)).mapToObj(PIECES::get).toList();
  }

  @Test
  void cutsWordsIntoTheLongestPieces() {
    assertThat(pieces("unaffable")).containsExactly("[CLS]", "un", "##aff", "##able", "[SEP]");
    assertThat(pieces("a1")).containsExactly("[CLS]", "a", "##1", "[SEP]");
  }

  @Test
  void lowersCaseDropsAccentsAndSplitsPunctuation() {
    assertThat(pieces("CAFÉS!")).containsExactly("[CLS]", "cafe", "##s", "!", "[SEP]");
    assertThat(pieces("a!b")).containsExactly("[CLS]", "a", "!", "b", "[SEP]");
  }

  @Test
  void separatesIdeographsAndCleansControlCharacters() {
    assertThat(pieces("学学")).containsExactly("[CLS]", "学", "学", "[SEP]");
    assertThat(pieces("a\u0000\u200bb")).containsExactly("[CLS]", "[UNK]", "[SEP]");
    assertThat(pieces("a\tb\u00a0a")).containsExactly("[CLS]", "a", "b", "a", "[SEP]");
  }

  @Test
  void namesUnknownWordsAsAWhole() {
    assertThat(pieces("unfoldable")).containsExactly("[CLS]", "[UNK]", "[SEP]");
    assertThat(pieces("a".repeat(101))).containsExactly("[CLS]", "[UNK]", "[SEP]");
    assertThat(pieces("")).containsExactly("[CLS]", "[SEP]");
  }

  @Test
  void cutsToTheLargestLength() {
    assertThat(pieces("a a a a a a a a a"))
        .containsExactly("[CLS]", "a", "a", "a", "a", "a", "a", "[SEP]");
  }
}
