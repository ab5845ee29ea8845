package org.sesemi.attestation.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One element of the distinguished encoding rules (ITU-T X.690): single-byte tags, definite lengths
 * in their shortest form, content that fills its element exactly.
 */
public final class Der {

  /** BOOLEAN. */
  public static final int BOOLEAN = 0x01;

  /** INTEGER. */
  public static final int INTEGER = 0x02;

  /** BIT STRING. */
  public static final int BIT_STRING = 0x03;

  /** OCTET STRING. */
  public static final int OCTET_STRING = 0x04;

  /** OBJECT IDENTIFIER. */
  public static final int OID = 0x06;

  /** ENUMERATED. */
  public static final int ENUMERATED = 0x0a;

  /** UTF8String. */
  public static final int UTF8_STRING = 0x0c;

  /** IA5String. */
  public static final int IA5_STRING = 0x16;

  /** GeneralizedTime. */
  public static final int GENERALIZED_TIME = 0x18;

  /** SEQUENCE. */
  public static final int SEQUENCE = 0x30;

  /** SET. */
  public static final int SET = 0x31;

  private static final int MAX_ELEMENTS = 4096;

  private final int tag;
  private final byte[] encoded;
  private final int contentOffset;

  private Der(int tag, byte[] encoded, int contentOffset) {
    this.tag = tag;
    this.encoded = encoded;
    this.contentOffset = contentOffset;
  }

  /**
   * Reads one element that fills the bytes.
   *
   * @throws Unreadable when the bytes are anything else
   */
  public static Der parse(byte[] bytes, String what) {
    Der element = at(bytes, 0, bytes.length, what);
    if (element.encoded.length != bytes.length) {
      throw new Unreadable(what + " has bytes after its DER element");
    }
    return element;
  }

  private static Der at(byte[] bytes, int from, int to, String what) {
    if (to - from < 2) {
      throw new Unreadable(what + " ends inside a DER element");
    }
    int tag = bytes[from] & 0xff;
    if ((tag & 0x1f) == 0x1f) {
      throw new Unreadable(what + " has a DER tag of several bytes");
    }
    int first = bytes[from + 1] & 0xff;
    int length = first;
    int content = from + 2;
    if (first >= 0x80) {
      int count = first & 0x7f;
      if (count < 1 || count > 3 || to - content < count) {
        throw new Unreadable(what + " has a DER length that is not definite or too long");
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = (length << 8) | (bytes[content + i] & 0xff);
      }
      if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
        throw new Unreadable(what + " has a DER length that is not in its shortest form");
      }
      content += count;
    }
    if (length > to - content) {
      throw new Unreadable(what + " ends inside a DER element");
    }
    return new Der(tag, Arrays.copyOfRange(bytes, from, content + length), content - from);
  }

  /** {@return the tag byte} */
  public int tag() {
    return tag;
  }

  /** {@return the whole element} */
  public byte[] encoded() {
    return encoded.clone();
  }

  /** {@return what is inside} */
  public byte[] content() {
    return Arrays.copyOfRange(encoded, contentOffset, encoded.length);
  }

  /** Returns this element if it has a tag. */
  public Der expect(int expected, String what) {
    if (tag != expected) {
      throw new Unreadable(
          what
              + " has the DER tag "
              + Integer.toHexString(tag)
              + " where "
              + Integer.toHexString(expected)
              + " is due");
    }
    return this;
  }

  /** {@return the elements inside a constructed element} */
  public List<Der> elements(String what) {
    if ((tag & 0x20) == 0) {
      throw new Unreadable(what + " is not a constructed DER element");
    }
    List<Der> elements = new ArrayList<>();
    for (int at = contentOffset; at < encoded.length; ) {
      Der element = at(encoded, at, encoded.length, what);
      elements.add(element);
      at += element.encoded.length;
      if (elements.size() > MAX_ELEMENTS) {
        throw new Unreadable(what + " has too many DER elements");
      }
    }
    return elements;
  }

  /** {@return the value of an INTEGER or ENUMERATED in its shortest form} */
  public BigInteger integer(String what) {
    byte[] content = content();
    boolean padded =
        content.length > 1
            && ((content[0] == 0 && content[1] >= 0) || (content[0] == -1 && content[1] < 0));
    if ((tag != INTEGER && tag != ENUMERATED) || content.length == 0 || padded) {
      throw new Unreadable(what + " is not a DER integer");
    }
    return new BigInteger(content);
  }

  /** {@return the value of an INTEGER or ENUMERATED from 0 to a maximum} */
  public int integer(int max, String what) {
    BigInteger value = integer(what);
    if (value.signum() < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
      throw new Unreadable(what + " is not a number from 0 to " + max);
    }
    return value.intValue();
  }

  /** {@return the value of a BOOLEAN} */
  public boolean bool(String what) {
    byte[] content = expect(BOOLEAN, what).content();
    if (content.length != 1 || (content[0] != 0 && content[0] != -1)) {
      throw new Unreadable(what + " is not a DER boolean");
    }
    return content[0] != 0;
  }

  /** {@return the bytes of an OCTET STRING} */
  public byte[] octets(String what) {
    return expect(OCTET_STRING, what).content();
  }

  /** {@return the bytes of a BIT STRING of whole bytes} */
  public byte[] bits(String what) {
    byte[] content = expect(BIT_STRING, what).content();
    if (content.length == 0 || content[0] != 0) {
      throw new Unreadable(what + " is not a DER bit string of whole bytes");
    }
    return Arrays.copyOfRange(content, 1, content.length);
  }

  /** {@return the text of an IA5String or UTF8String of printable ASCII} */
  public String text(String what) {
    byte[] content = content();
    if (tag != IA5_STRING && tag != UTF8_STRING) {
      throw new Unreadable(what + " is not a DER string");
    }
    for (byte value : content) {
      if (value < ' ' || value > '~') {
        throw new Unreadable(what + " is not printable text");
      }
    }
    return new String(content, StandardCharsets.US_ASCII);
  }

  /** {@return an OBJECT IDENTIFIER in dotted form} */
  public String oid(String what) {
    byte[] content = expect(OID, what).content();
    if (content.length == 0 || content[content.length - 1] < 0) {
      throw new Unreadable(what + " is not a DER object identifier");
    }
    StringBuilder text = new StringBuilder();
    long value = 0;
    boolean begins = true;
    for (byte next : content) {
      if ((begins && next == (byte) 0x80) || value >= 1L << 48) {
        throw new Unreadable(what + " is not a DER object identifier");
      }
      value = (value << 7) | (next & 0x7f);
      begins = next >= 0;
      if (begins) {
        if (text.isEmpty()) {
          long root = Math.min(value / 40, 2);
          text.append(root).append('.').append(value - 40 * root);
        } else {
          text.append('.').append(value);
        }
        value = 0;
      }
    }
    return text.toString();
  }
}
