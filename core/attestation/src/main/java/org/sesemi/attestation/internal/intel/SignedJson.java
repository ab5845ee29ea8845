package org.sesemi.attestation.internal.intel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.WireException;

/**
 * A signed answer of Intel's collateral service: an object with one named value and the signature
 * over exactly its bytes. The value is cut out as it is and never written anew; what is read of it
 * later is read from the very bytes that were signed.
 *
 * @param signed the bytes of the value
 * @param signature r and s
 */
public record SignedJson(Bytes signed, Bytes signature) {

  private static final Json.Limits LIMITS = new Json.Limits(16, 200_000);
  private static final String SIGNATURE = "signature";

  /**
   * Cuts an answer into value and signature.
   *
   * @param document the answer
   * @param name the name of its value
   * @throws Unreadable when it is not strict JSON, or has other members than these two
   */
  public static SignedJson parse(Bytes document, String name) {
    byte[] bytes = document.toArray();
    object(bytes, name);
    Cutter cutter = new Cutter(bytes, name);
    @Nullable Bytes signed = null;
    @Nullable Bytes signature = null;
    cutter.expect('{');
    do {
      String member = cutter.name();
      cutter.expect(':');
      byte[] value = cutter.value();
      if (member.equals(name) && signed == null) {
        signed = Bytes.of(value);
      } else if (member.equals(SIGNATURE) && signature == null) {
        signature = signature(value, name);
      } else {
        throw new Unreadable("the document has another member than " + name + " and signature");
      }
    } while (cutter.another());
    if (signed == null || signature == null) {
      throw new Unreadable("the document has not both " + name + " and signature");
    }
    return new SignedJson(signed, signature);
  }

  /** {@return whether a key signed the value} */
  public boolean isSignedBy(PublicKey key) {
    return EcKeys.P256.verifyRepeated(key, signed.toArray(), signature.toArray());
  }

  /**
   * {@return the members of the signed value}
   *
   * @throws Unreadable when it is not an object
   */
  public JsonFields fields(String name) {
    return JsonFields.of(object(signed.toArray(), name));
  }

  private static JsonObject object(byte[] bytes, String name) {
    try {
      if (Json.parse(ByteBuffer.wrap(bytes), LIMITS) instanceof JsonObject object) {
        return object;
      }
    } catch (WireException e) {
      throw new Unreadable("the document with " + name + " is not strict JSON: " + e.detail());
    }
    throw new Unreadable("the document with " + name + " is not an object");
  }

  /** Reads 64 bytes in the one form that is written: lower-case hex in quotes. */
  private static Bytes signature(byte[] value, String name) {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    String hex = text.length() == 130 ? text.substring(1, 129) : "";
    try {
      byte[] bytes = HexFormat.of().parseHex(hex);
      if (text.equals('"' + HexFormat.of().formatHex(bytes) + '"')) {
        return Bytes.of(bytes);
      }
    } catch (IllegalArgumentException e) {
      // The refusal is the same as for another length.
    }
    throw new Unreadable("the signature of " + name + " is not 64 bytes of lower-case hex");
  }

  /** Walks over the outermost object of a document that is known to be strict JSON. */
  private static final class Cutter {

    private final byte[] bytes;
    private final String what;
    private int at;

    Cutter(byte[] bytes, String what) {
      this.bytes = bytes;
      this.what = what;
    }

    void expect(char expected) {
      skipSpace();
      if (next() != expected) {
        throw broken();
      }
      skipSpace();
    }

    /** Reads a name, which needs no escapes. */
    String name() {
      if (next() != '"') {
        throw broken();
      }
      int start = at;
      while (next() != '"') {
        if (bytes[at - 1] == '\\') {
          throw broken();
        }
      }
      return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
    }

    /** Returns the bytes of an object or a string. */
    byte[] value() {
      int start = at;
      int depth = 0;
      do {
        switch (next()) {
          case '{', '[' -> depth++;
          case '}', ']' -> depth--;
          case '"' -> skipString();
          default -> {
            if (depth == 0) {
              throw broken();
            }
          }
        }
      } while (depth > 0);
      return Arrays.copyOfRange(bytes, start, at);
    }

    /** Returns whether another member follows; if not, nothing does. */
    boolean another() {
      skipSpace();
      char next = next();
      skipSpace();
      if (next == ',') {
        return true;
      }
      if (next != '}' || at != bytes.length) {
        throw broken();
      }
      return false;
    }

    private void skipString() {
      for (char c = next(); c != '"'; c = next()) {
        if (c == '\\') {
          next();
        }
      }
    }

    /** Passes over blanks and line ends, the only space that the service writes. */
    private void skipSpace() {
      while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r')) {
        at++;
      }
    }

    private char next() {
      if (at == bytes.length) {
        throw broken();
      }
      return (char) (bytes[at++] & 0xff);
    }

    private Unreadable broken() {
      return new Unreadable("the document with " + what + " has an unexpected outer form");
    }
  }
}
