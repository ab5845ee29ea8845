package org.sesemi.vendors;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/**
 * A message with one signer as test vendors send it. Every method changes one part and returns
 * this; the signature is made over what is there when it is encoded. Not thread-safe.
 */
public final class CoseOut {

  private byte[] protectedHeader = new CborOut().map(1).integer(1).integer(-35).toBytes();
  private byte[] unprotectedHeader = new CborOut().map(0).toBytes();
  private byte[] externalData = {};
  private String context = "Signature1";
  private String algorithm = "SHA384withECDSAinP1363Format";
  private boolean tagged;
  private byte[] payload;

  /** Begins a message without a tag, signed with ES384. */
  public CoseOut(byte[] payload) {
    this.payload = payload.clone();
  }

  /** Sets the payload. */
  public CoseOut payload(byte[] bytes) {
    this.payload = bytes.clone();
    return this;
  }

  /** Sets the encoded header that is signed. */
  public CoseOut protectedHeader(byte[] encoded) {
    this.protectedHeader = encoded.clone();
    return this;
  }

  /** Sets the encoded header that is not signed. */
  public CoseOut unprotectedHeader(byte[] encoded) {
    this.unprotectedHeader = encoded.clone();
    return this;
  }

  /** Sets data that is signed and not sent. */
  public CoseOut externalData(byte[] bytes) {
    this.externalData = bytes.clone();
    return this;
  }

  /** Sets the text with which the signed bytes begin. */
  public CoseOut context(String text) {
    this.context = text;
    return this;
  }

  /** Sets the algorithm of the signature by its JDK name, whatever the header says. */
  public CoseOut signedWith(String name) {
    this.algorithm = name;
    return this;
  }

  /** Sets whether tag 18 is around the message. */
  public CoseOut tagged(boolean is) {
    this.tagged = is;
    return this;
  }

  /** {@return the message, signed with a key} */
  public byte[] encode(PrivateKey key) {
    byte[] signed =
        new CborOut()
            .array(4)
            .text(context)
            .bytes(protectedHeader)
            .bytes(externalData)
            .bytes(payload)
            .toBytes();
    return encode(sign(key, signed));
  }

  /** {@return the message with a signature} */
  public byte[] encode(byte[] signature) {
    CborOut out = new CborOut();
    if (tagged) {
      out.tag(18);
    }
    return out.array(4)
        .bytes(protectedHeader)
        .raw(unprotectedHeader)
        .bytes(payload)
        .bytes(signature)
        .toBytes();
  }

  private byte[] sign(PrivateKey key, byte[] bytes) {
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(bytes);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
