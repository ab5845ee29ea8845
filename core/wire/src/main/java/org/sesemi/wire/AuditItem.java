package org.sesemi.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One place of the audit log's chain: the digest of an entry, the signature of the key service's CA
 * over the chain up to here, and the entry itself where the reader may see it.
 *
 * <p>The link of a place is the SHA-256 digest of a label, the link before it and the digest of the
 * entry; the link before the first entry is the cluster id. So a reader can follow the chain
 * through entries that it may not see.
 *
 * @param index the number of the entry, from 0 on
 * @param entryDigest the SHA-256 digest of the encoded entry
 * @param signature 64 bytes: Ed25519 over {@link #SIGNATURE_LABEL} and the link
 * @param entry the encoded entry, absent where it does not concern the reader
 */
public record AuditItem(long index, Digest entryDigest, Bytes signature, Optional<Bytes> entry) {

  /** The label that the signature covers in front of the link. */
  public static final String SIGNATURE_LABEL = "sesemi/v1/audit";

  private static final byte[] LINK_LABEL = "sesemi/v1/audit/link".getBytes(US_ASCII);
  private static final int SIGNATURE_LENGTH = 64;

  /** Checks that the entry, if there, is the one that the digest names. */
  public AuditItem {
    requireNonNull(entryDigest, "entryDigest");
    if (index < 0 || signature.length() != SIGNATURE_LENGTH) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "an audit item has a wrong index or signature");
    }
    if (entry.isPresent() && !Digest.sha256(entry.get().toArray()).equals(entryDigest)) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED,
          "an audit entry is not the one that its digest names");
    }
  }

  /**
   * {@return the link of this place}
   *
   * @param previous the link of the place before, or the cluster id for the first
   */
  public Digest link(Digest previous) {
    return link(previous, entryDigest);
  }

  /**
   * {@return the link of a place}
   *
   * @param previous the link of the place before, or the cluster id for the first
   * @param entryDigest the digest of the encoded entry
   */
  public static Digest link(Digest previous, Digest entryDigest) {
    return Digest.sha256(LINK_LABEL, previous.bytes(), entryDigest.bytes());
  }

  /**
   * Reads the entry, if the reader may see it.
   *
   * @return what was read
   */
  public Optional<AuditEntry> readEntry() {
    return entry.map(bytes -> AuditEntry.decode(bytes.toArray()));
  }

  CborMap toCbor() {
    CborMap.Builder map = CborMap.builder().put(1, index).put(2, entryDigest).put(3, signature);
    entry.ifPresent(bytes -> map.put(4, bytes));
    return map.build();
  }

  static AuditItem fromCbor(CborReader reader) {
    AuditItem item =
        new AuditItem(
            reader.integer(1, 0, Long.MAX_VALUE),
            reader.digest(2),
            reader.byteString(3, SIGNATURE_LENGTH),
            reader.optionalBytes(4, 1, AuditEntry.MAX_LENGTH).map(Bytes::of));
    reader.finish();
    return item;
  }
}
