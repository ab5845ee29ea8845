package org.sesemi.attestation.internal.collateral;

import java.math.BigInteger;
import java.time.Instant;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;

/**
 * A position in the sequence of documents of one kind. Both parts only ever grow: a vendor that
 * raises the number issues later, and one that issues later does not lower the number.
 *
 * @param number CRL number or evaluation number; -1 when the document has none
 * @param issued when the document was issued
 */
record Floor(BigInteger number, Instant issued) {

  private static final int MAX_NUMBER = 32;

  Floor(long number, Instant issued) {
    this(BigInteger.valueOf(number), issued);
  }

  /** {@return whether a document at a position would be a step back} */
  boolean isAbove(Floor position) {
    return number.compareTo(position.number) > 0 || issued.isAfter(position.issued);
  }

  Floor max(Floor other) {
    return new Floor(
        number.max(other.number), issued.isAfter(other.issued) ? issued : other.issued);
  }

  byte[] encode() {
    return CborMap.versioned()
        .put(1, Bytes.of(number.toByteArray()))
        .put(2, issued.getEpochSecond())
        .build()
        .encode();
  }

  static Floor decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    BigInteger number = new BigInteger(reader.bytes(1, 1, MAX_NUMBER));
    Instant issued =
        Instant.ofEpochSecond(
            reader.integer(2, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
    reader.finish();
    return new Floor(number, issued);
  }

  @Override
  public String toString() {
    return (number.signum() < 0 ? "" : "number " + number + ", ") + "issued " + issued;
  }
}
