package org.sesemi.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.WireException;

/**
 * A payload with an Ed25519 signature over a label and the payload's exact bytes.
 *
 * <p>Guarantees: a signature made under one label never verifies under another; the payload is not
 * looked at before {@link #verify} succeeded.
 *
 * <p>Immutable. Encoding: CBOR {0: 1, 1: payload, 2: signature}. Labels are ASCII; a payload is a
 * CBOR map, whose first byte is never ASCII, so label and payload cannot be shifted into each
 * other.
 */
public final class Signed {

  /** What is signed; the label separates the uses of a key. */
  public enum Label {
    /** An administrative call of a party. */
    STATEMENT("sesemi/v1/statement"),
    /** A receipt of an instance. */
    RECEIPT("sesemi/v1/receipt"),
    /** The certificate of an instance's receipt key. */
    INSTANCE("sesemi/v1/instance"),
    /** A report of the simulated platform. */
    SIMULATED_REPORT("sesemi/v1/simulated/report"),
    /** The certificate of one launch on the simulated platform. */
    SIMULATED_LAUNCH("sesemi/v1/simulated/launch"),
    /** An entry of an audit log. */
    AUDIT("sesemi/v1/audit");

    private final String text;

    Label(String text) {
      this.text = text;
    }

    /** {@return the bytes in front of the payload} */
    public String text() {
      return text;
    }
  }

  private static final int MAX_PAYLOAD = 1 << 20;

  private final Bytes payload;
  private final Bytes signature;

  private Signed(Bytes payload, Bytes signature) {
    this.payload = requireNonNull(payload, "payload");
    this.signature = signature;
  }

  /**
   * Signs a payload.
   *
   * @param label the use
   * @param payload the exact bytes
   * @param key the signer
   * @return payload and signature
   */
  public static Signed sign(Label label, byte[] payload, IdentityKey key) {
    return new Signed(Bytes.of(payload), Bytes.of(key.sign(message(label, payload))));
  }

  /**
   * Decodes payload and signature without judging them.
   *
   * @param encoded what {@link #encode} gave
   * @return the signed payload
   * @throws WireException when the form is wrong
   */
  public static Signed decode(byte[] encoded) {
    CborReader reader = CborReader.versioned(encoded);
    byte[] payload = reader.bytes(1, 0, MAX_PAYLOAD);
    byte[] signature = reader.bytes(2, IdentityKey.SIGNATURE_LENGTH);
    reader.finish();
    return new Signed(Bytes.of(payload), Bytes.of(signature));
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned().put(1, payload).put(2, signature).build().encode();
  }

  /**
   * Verifies the signature.
   *
   * @param label the use
   * @param signer the key that must have signed
   * @return the payload's exact bytes
   * @throws CryptoException with {@code signature.invalid} when it does not verify
   */
  public byte[] verify(Label label, IdentityPublicKey signer) {
    if (!isSignedBy(label, signer)) {
      throw new CryptoException(
          CryptoException.Code.SIGNATURE_INVALID,
          "the signature does not verify under key " + signer);
    }
    return payload.toArray();
  }

  /**
   * Tells whether the signature verifies.
   *
   * @param label the use
   * @param signer the key that must have signed
   * @return whether it did
   */
  public boolean isSignedBy(Label label, IdentityPublicKey signer) {
    return signer.verifies(message(label, payload.toArray()), signature.toArray());
  }

  /**
   * Returns the payload without verifying it, for the cases in which it names its own signer.
   *
   * @return the payload's exact bytes
   */
  public byte[] unverifiedPayload() {
    return payload.toArray();
  }

  @Override
  public String toString() {
    return "Signed[" + payload.length() + " bytes]";
  }

  private static byte[] message(Label label, byte[] payload) {
    byte[] prefix = label.text().getBytes(US_ASCII);
    byte[] message = Arrays.copyOf(prefix, prefix.length + payload.length);
    System.arraycopy(payload, 0, message, prefix.length, payload.length);
    return message;
  }
}
