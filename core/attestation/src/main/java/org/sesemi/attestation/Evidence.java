package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.WireException;

/**
 * What a platform says about an enclave, signed, and not yet believed by anybody.
 *
 * @param platform the kind of platform, which decides how the bytes are read
 * @param bytes the evidence in the form of that platform
 */
public record Evidence(PlatformKind platform, Bytes bytes) {

  /** The longest evidence of any platform, in bytes. */
  public static final int MAX_LENGTH = 64 * 1024;

  private static final int PLATFORM_KEY = 1;
  private static final int BYTES_KEY = 2;

  /** Checks the length. */
  public Evidence {
    requireNonNull(platform, "platform");
    if (bytes.length() == 0 || bytes.length() > MAX_LENGTH) {
      throw new AttestationException(
          AttestationException.Code.MALFORMED,
          "evidence has 1 to " + MAX_LENGTH + " bytes, not " + bytes.length());
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(PLATFORM_KEY, platform.text())
        .put(BYTES_KEY, bytes)
        .build()
        .encode();
  }

  /**
   * Reads the encoding. Nothing is verified by it.
   *
   * @param encoded the encoding
   * @return the evidence
   * @throws AttestationException with {@code attestation.malformed}, {@code
   *     attestation.version-unknown} or {@code attestation.platform-unknown}
   */
  public static Evidence decode(byte[] encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      PlatformKind platform = PlatformKind.parse(reader.text(PLATFORM_KEY, 32));
      Bytes bytes = Bytes.of(reader.slice(BYTES_KEY, 1, MAX_LENGTH));
      reader.finish();
      return new Evidence(platform, bytes);
    } catch (WireException e) {
      throw AttestationException.unreadable("evidence", e);
    }
  }

  @Override
  public String toString() {
    return "Evidence[" + platform.text() + ", " + bytes.length() + " bytes]";
  }
}
