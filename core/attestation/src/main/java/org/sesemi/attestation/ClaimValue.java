package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.sesemi.wire.Bytes;

/** The value of one claim. */
public sealed interface ClaimValue {

  /**
   * Bytes, shown in lower-case hex.
   *
   * @param bytes the bytes
   */
  record Hex(Bytes bytes) implements ClaimValue {
    /** Checks that it is there. */
    public Hex {
      requireNonNull(bytes, "bytes");
    }
  }

  /**
   * Text.
   *
   * @param text the text
   */
  record Text(String text) implements ClaimValue {
    /** Checks that it is there. */
    public Text {
      requireNonNull(text, "text");
    }
  }

  /**
   * An integer.
   *
   * @param number the integer
   */
  record Whole(long number) implements ClaimValue {}

  /**
   * Something that is so or not.
   *
   * @param set whether it is so
   */
  record Flag(boolean set) implements ClaimValue {}

  /**
   * Several values in order.
   *
   * @param values the values
   */
  record Several(List<ClaimValue> values) implements ClaimValue {
    /** Copies the list. */
    public Several {
      values = List.copyOf(values);
    }
  }

  /**
   * Claims that belong together.
   *
   * @param claims the claims
   */
  record Group(ClaimSet claims) implements ClaimValue {
    /** Checks that it is there. */
    public Group {
      requireNonNull(claims, "claims");
    }
  }
}
