package org.sesemi.keyservice.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.Arrays;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.AuditItem;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/**
 * The end of the audit log's chain, from which the next entry is made. The chain moves on when the
 * entry was kept.
 *
 * <p>Not thread-safe: the lock of {@link KeyService} guards it.
 */
final class AuditLog {

  private static final int MAX_REASON_LENGTH = 1000;
  private static final byte[] LABEL = AuditItem.SIGNATURE_LABEL.getBytes(US_ASCII);

  private final IdentityKey caKey;
  private final RandomSource random;
  private long count;
  private Digest link;

  AuditLog(IdentityKey caKey, RandomSource random, long count, Digest link) {
    this.caKey = caKey;
    this.random = random;
    this.count = count;
    this.link = link;
  }

  /** {@return the next entry, which is not yet part of the log} */
  Store.AuditRow next(
      Instant time,
      String action,
      boolean allowed,
      String code,
      String reason,
      AuditEntry.Subject subject) {
    AuditEntry entry =
        new AuditEntry(
            count,
            time,
            action,
            allowed,
            code,
            shorten(reason),
            Bytes.random(random, AuditEntry.SALT_LENGTH),
            subject);
    byte[] encoded = entry.encode();
    Digest next = AuditItem.link(link, Digest.sha256(encoded));
    return new Store.AuditRow(count, Bytes.of(encoded), next, Bytes.of(caKey.sign(signed(next))));
  }

  /** Takes over an entry that was kept. */
  void moveTo(Store.AuditRow row) {
    count = row.index() + 1;
    link = row.link();
  }

  long count() {
    return count;
  }

  private static byte[] signed(Digest link) {
    byte[] message = Arrays.copyOf(LABEL, LABEL.length + Digest.LENGTH);
    System.arraycopy(link.bytes(), 0, message, LABEL.length, Digest.LENGTH);
    return message;
  }

  /** Cuts a reason to the length that an entry takes. */
  static String shorten(String reason) {
    return reason.length() <= MAX_REASON_LENGTH
        ? reason
        : reason.substring(0, MAX_REASON_LENGTH) + " ...";
  }
}
