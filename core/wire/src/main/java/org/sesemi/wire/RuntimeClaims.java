package org.sesemi.wire;

/**
 * What a function runtime says about itself in the claims that its evidence covers.
 *
 * @param receiptPublicKey the raw 32-byte Ed25519 key that it signs receipts with
 */
public record RuntimeClaims(Bytes receiptPublicKey) {

  /** Checks the length of the key. */
  public RuntimeClaims {
    if (receiptPublicKey.length() != 32) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "a receipt key has 32 bytes");
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned().put(1, receiptPublicKey).build().encode();
  }

  /**
   * Reads claims.
   *
   * @param bytes the encoding
   * @return what was read
   */
  public static RuntimeClaims decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    RuntimeClaims claims = new RuntimeClaims(reader.byteString(1, 32));
    reader.finish();
    return claims;
  }
}
