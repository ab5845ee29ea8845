package org.sesemi.attestation.internal.cose;

import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.List;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * A message with one signer (COSE_Sign1, RFC 9052 section 4.2), with or without its tag 18, as
 * attestation uses it: ES384 always, nothing outside the signature.
 *
 * @param protectedHeader the encoded header that is signed
 * @param unprotectedCount how many header fields are not signed
 * @param payload what is signed
 * @param signature r || s
 */
public record CoseSign1(
    Bytes protectedHeader, int unprotectedCount, Bytes payload, Bytes signature) {

  /** The tag that may be around the message. */
  public static final int TAG = 18;

  /** The only protected header: {1: -35}. */
  private static final Bytes ES384 = Bytes.parse("a1013822");

  private static final String CONTEXT = "Signature1";

  /**
   * Reads a message.
   *
   * @throws Unreadable when it is none
   */
  public static CoseSign1 read(CborItem item, String what) {
    List<CborItem> parts = (item.hasTag(TAG) ? item.tagged(TAG, what) : item).array(what);
    if (parts.size() != 4) {
      throw new Unreadable(what + " has " + parts.size() + " parts, where COSE_Sign1 has four");
    }
    return new CoseSign1(
        Bytes.of(parts.get(0).bytes(what + " protected header")),
        parts.get(1).fields(what + " unprotected header").size(),
        Bytes.of(parts.get(2).bytes(what + " payload")),
        Bytes.of(parts.get(3).bytes(what + " signature")));
  }

  /** {@return whether the signed header says ES384 and nothing else} */
  public boolean isEs384() {
    return protectedHeader.equals(ES384);
  }

  /** {@return whether a key of P-384 signed the message with SHA-384} */
  public boolean isSignedBy(PublicKey key) {
    return EcKeys.P384.verify(key, signedBytes(), signature.toArray());
  }

  /** {@return the Sig_structure of RFC 9052 section 4.4, without external data} */
  public byte[] signedBytes() {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(payload.length() + protectedHeader.length() + 32);
    CborHead.array(out, 4);
    CborHead.text(out, CONTEXT);
    CborHead.bytes(out, protectedHeader.toArray());
    CborHead.bytes(out, new byte[0]);
    CborHead.bytes(out, payload.toArray());
    return out.toByteArray();
  }
}
