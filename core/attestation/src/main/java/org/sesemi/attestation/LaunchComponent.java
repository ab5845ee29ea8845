package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import org.sesemi.wire.CborMap;
import org.sesemi.wire.Digest;

/**
 * One measured part of what an enclave is started from.
 *
 * @param kind what it is
 * @param name its path relative to the launch folder, or a fixed word where it is no file
 * @param digest the digest of its content
 * @param size the number of bytes that the digest covers
 */
public record LaunchComponent(Kind kind, String name, Digest digest, long size) {

  /** What a component is, in the order in which components are measured. */
  public enum Kind {
    /** The whole JDK image. */
    JDK("jdk"),
    /** A jar on the module path. */
    JAR("jar"),
    /** A native library. */
    NATIVE("native"),
    /** The ahead-of-time cache of classes. */
    AOT_CACHE("aot-cache"),
    /** The exact argument list. */
    COMMAND("command"),
    /** The exact environment. */
    ENVIRONMENT("environment");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** {@return the name used in the measured list and in listings} */
    public String text() {
      return text;
    }
  }

  /** Checks the parts. */
  public LaunchComponent {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
    requireNonNull(digest, "digest");
    if (size < 0) {
      throw new IllegalArgumentException("the size is negative: " + size);
    }
  }

  CborMap toCbor() {
    return CborMap.builder().put(1, kind.text()).put(2, name).put(3, digest).put(4, size).build();
  }
}
