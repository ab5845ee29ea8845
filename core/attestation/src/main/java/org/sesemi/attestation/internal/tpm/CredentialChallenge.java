package org.sesemi.attestation.internal.tpm;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.WireException;

/**
 * A verifier's question that only a TPM can answer which has the private part of an endorsement key
 * and, loaded beside it, a key with a certain name: a random credential, encrypted to the former
 * and bound to the latter.
 *
 * <p>Guarantees: the answer is compared in constant time, and only the first answer counts.
 * Thread-safe.
 */
public final class CredentialChallenge {

  private static final int CREDENTIAL_LENGTH = 32;
  private static final int BLOB_KEY = 1;
  private static final int SECRET_KEY = 2;
  private static final int MAX_BLOB = 128;
  private static final int MAX_SECRET = 512;

  /**
   * What the verifier sends.
   *
   * @param blob the bound and encrypted credential (content of TPM2B_ID_OBJECT)
   * @param secret the encrypted seed (content of TPM2B_ENCRYPTED_SECRET)
   */
  public record Question(Bytes blob, Bytes secret) {

    /** {@return the encoding} */
    public byte[] encode() {
      return CborMap.versioned().put(BLOB_KEY, blob).put(SECRET_KEY, secret).build().encode();
    }

    /**
     * Reads the encoding.
     *
     * @throws AttestationException with {@code attestation.malformed}
     */
    public static Question decode(byte[] encoded) {
      try {
        CborReader reader = CborReader.versioned(encoded);
        Bytes blob = Bytes.of(reader.slice(BLOB_KEY, 1, MAX_BLOB));
        Bytes secret = Bytes.of(reader.slice(SECRET_KEY, 1, MAX_SECRET));
        reader.finish();
        return new Question(blob, secret);
      } catch (WireException e) {
        throw new AttestationException(
            Code.MALFORMED, "the challenge cannot be read: " + e.detail(), e);
      }
    }
  }

  private final Question question;
  private final byte[] credential;
  private final Activation activation;
  private final AtomicBoolean answered = new AtomicBoolean();

  private CredentialChallenge(Question question, byte[] credential, Activation activation) {
    this.question = question;
    this.credential = credential;
    this.activation = activation;
  }

  /**
   * Makes a challenge.
   *
   * @param endorsementKey a key whose certificate was verified: RSA of 2048 bits or P-256, made by
   *     the default template
   * @param akName the name of the attestation key
   * @param random where the credential comes from
   * @throws AttestationException with {@code attestation.field-invalid} when the key is another one
   */
  public static CredentialChallenge issue(
      PublicKey endorsementKey, Bytes akName, RandomSource random) {
    if (EkCertificate.area(endorsementKey).isEmpty()) {
      throw new AttestationException(
          Code.FIELD_INVALID, "the endorsement key is neither RSA of 2048 bits nor P-256");
    }
    byte[] credential = random.bytes(CREDENTIAL_LENGTH);
    return new CredentialChallenge(
        MakeCredential.make(endorsementKey, akName, credential, random),
        credential,
        new Activation(Bytes.of(endorsementKey.getEncoded()), akName));
  }

  /** {@return what to send} */
  public Question question() {
    return question;
  }

  /** {@return what an answer shows; nothing when it is wrong, or not the first} */
  public Optional<Activation> judge(byte[] answer) {
    if (!answered.compareAndSet(false, true)) {
      return Optional.empty();
    }
    boolean right = java.security.MessageDigest.isEqual(credential, answer);
    Arrays.fill(credential, (byte) 0);
    return right ? Optional.of(activation) : Optional.empty();
  }
}
