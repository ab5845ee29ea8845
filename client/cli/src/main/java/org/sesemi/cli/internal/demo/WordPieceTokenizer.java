package org.sesemi.cli.internal.demo;

import static java.util.Objects.requireNonNull;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into the token numbers of an uncased BERT vocabulary.
 *
 * <p>The text is cleaned of control characters, split at white space, punctuation and ideographs,
 * lower-cased and freed of accents; each word is then cut greedily into the longest pieces that the
 * vocabulary holds, pieces after the first marked by two number signs. A word without a cut becomes
 * the unknown token. The sequence starts with {@code [CLS]}, ends with {@code [SEP]} and is cut to
 * a largest length.
 */
public final class WordPieceTokenizer {

  private static final int MAX_WORD_LENGTH = 100;

  private final Map<String, Integer> vocabulary;
  private final int maxTokens;
  private final int unknown;
  private final int begin;
  private final int end;

  /**
   * Makes a tokenizer.
   *
   * @param vocabulary the number of each piece
   * @param maxTokens the longest sequence, both marks included
   */
  public WordPieceTokenizer(Map<String, Integer> vocabulary, int maxTokens) {
    if (maxTokens < 3) {
      throw new IllegalArgumentException("a sequence needs room for 3 tokens");
    }
    this.vocabulary = Map.copyOf(vocabulary);
    this.maxTokens = maxTokens;
    this.unknown = special("[UNK]");
    this.begin = special("[CLS]");
    this.end = special("[SEP]");
  }

  private int special(String token) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new IllegalArgumentException("the vocabulary lacks " + token);
    }
    return id;
  }

  /**
   * Returns the token numbers of a text, marks included.
   *
   * @param text any text
   */
  public int[] encode(String text) {
    List<Integer> ids = new ArrayList<>();
    ids.add(begin);
    for (String word : words(text)) {
      pieces(word, ids);
      if (ids.size() >= maxTokens) {
        break;
      }
    }
    while (ids.size() > maxTokens - 1) {
      ids.removeLast();
    }
    ids.add(end);
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private void pieces(String word, List<Integer> ids) {
    if (word.codePointCount(0, word.length()) > MAX_WORD_LENGTH) {
      ids.add(unknown);
      return;
    }
    List<Integer> found = new ArrayList<>();
    int start = 0;
    while (start < word.length()) {
      int stop = word.length();
      @Nullable Integer id = null;
      while (stop > start) {
        String piece = word.substring(start, stop);
        id = vocabulary.get(start == 0 ? piece : "##" + piece);
        if (id != null) {
          break;
        }
        stop = word.offsetByCodePoints(stop, -1);
      }
      if (id == null) {
        ids.add(unknown);
        return;
      }
      found.add(requireNonNull(id));
      start = stop;
    }
    ids.addAll(found);
  }

  private static List<String> words(String text) {
    String plain =
        Normalizer.normalize(clean(text), Normalizer.Form.NFD)
            .codePoints()
            .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    plain
        .codePoints()
        .forEach(
            c -> {
              boolean alone = isPunctuation(c) || isIdeograph(c);
              if (alone || Character.isWhitespace(c)) {
                flush(word, words);
              }
              if (alone) {
                words.add(Character.toString(c));
              } else if (!Character.isWhitespace(c)) {
                word.appendCodePoint(c);
              }
            });
    flush(word, words);
    return words;
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                clean.append(' ');
              } else if (c != 0xfffd && !isControl(c)) {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString();
  }

  private static boolean isControl(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.PRIVATE_USE
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED;
  }

  private static boolean isPunctuation(int c) {
    boolean ascii =
        (c >= '!' && c <= '/')
            || (c >= ':' && c <= '@')
            || (c >= '[' && c <= '`')
            || (c >= '{' && c <= '~');
    int type = Character.getType(c);
    return ascii
        || type == Character.CONNECTOR_PUNCTUATION
        || type == Character.DASH_PUNCTUATION
        || type == Character.START_PUNCTUATION
        || type == Character.END_PUNCTUATION
        || type == Character.INITIAL_QUOTE_PUNCTUATION
        || type == Character.FINAL_QUOTE_PUNCTUATION
        || type == Character.OTHER_PUNCTUATION;
  }

  private static boolean isIdeograph(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x20000 && c <= 0x2ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2f800 && c <= 0x2fa1f);
  }
}
