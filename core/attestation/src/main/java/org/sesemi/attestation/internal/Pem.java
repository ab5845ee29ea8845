package org.sesemi.attestation.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.sesemi.attestation.AttestationException;
import org.sesemi.wire.Bytes;

/**
 * The textual encoding of RFC 7468, strictly: blocks one after another, lines of base64 of at most
 * 76 characters, nothing before, between or after them but line ends, and one NUL at the very end,
 * which quotes of Intel platforms carry.
 */
public final class Pem {

  private static final int MAX_BLOCKS = 32;
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /**
   * One block.
   *
   * @param label what it says it is
   * @param der its content
   */
  public record Block(String label, Bytes der) {}

  private Pem() {}

  /**
   * Reads blocks for whoever configured them.
   *
   * @throws AttestationException with {@code attestation.malformed} when the text is not in the
   *     form
   */
  public static List<Block> parse(byte[] text, String what) {
    try {
      return read(text, what);
    } catch (Unreadable e) {
      throw new AttestationException(AttestationException.Code.MALFORMED, e.getMessage(), e);
    }
  }

  /**
   * Reads blocks of evidence.
   *
   * @throws Unreadable when the text is not in the form
   */
  public static List<Block> read(byte[] text, String what) {
    int length = text.length > 0 && text[text.length - 1] == 0 ? text.length - 1 : text.length;
    for (int i = 0; i < length; i++) {
      if (text[i] != '\n' && text[i] != '\r' && (text[i] < ' ' || text[i] > '~')) {
        throw new Unreadable(what + " is not PEM text");
      }
    }
    List<Block> blocks = new ArrayList<>();
    StringBuilder base64 = new StringBuilder();
    String label = "";
    boolean inside = false;
    String all = new String(text, 0, length, StandardCharsets.US_ASCII);
    for (String line : all.split("\r?\n", -1)) {
      if (!inside) {
        if (line.isEmpty()) {
          continue;
        }
        if (!line.startsWith(BEGIN) || !line.endsWith(DASHES)) {
          throw new Unreadable(what + " has text outside its PEM blocks");
        }
        label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        base64.setLength(0);
        inside = true;
      } else if (line.startsWith(END)) {
        if (!line.equals(END + label + DASHES) || blocks.size() == MAX_BLOCKS) {
          throw new Unreadable(what + " has a PEM block with a wrong end, or too many");
        }
        blocks.add(new Block(label, Bytes.of(decode(base64.toString(), what))));
        inside = false;
      } else if (line.isEmpty() || line.length() > 76) {
        throw new Unreadable(what + " has an empty or overlong line in a PEM block");
      } else {
        base64.append(line);
      }
    }
    if (inside || blocks.isEmpty()) {
      throw new Unreadable(what + " has no complete PEM block");
    }
    return blocks;
  }

  private static byte[] decode(String base64, String what) {
    try {
      byte[] der = Base64.getDecoder().decode(base64);
      if (!Base64.getEncoder().encodeToString(der).equals(base64)) {
        throw new Unreadable(what + " has base64 in another than the one form");
      }
      return der;
    } catch (IllegalArgumentException e) {
      throw new Unreadable(what + " has a PEM block that is not base64");
    }
  }
}
