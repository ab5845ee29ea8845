package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * Where the state of the key service is kept.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>When {@link #commit} returns, the whole batch survives the death of the process and of the
 *       machine; when it fails or never returns, the batch is there as a whole or not at all.
 *   <li>What {@link #load} hands out is what was committed last, unchanged and complete; anything
 *       else, an older state too, is refused with a coded error.
 *   <li>What is kept shows neither ids nor contents to whoever holds the medium.
 * </ul>
 *
 * <p>Not thread-safe: the caller has one lock for all calls.
 */
interface Store extends AutoCloseable {

  /**
   * The fixed part of the state.
   *
   * @param auditCount how many entries the audit log has
   * @param auditLink the link of its last entry
   * @param serviceTime the highest time at which something was decided
   * @param epoch the epoch
   */
  record Header(long auditCount, Digest auditLink, Instant serviceTime, long epoch) {
    /** Checks the parts. */
    public Header {
      requireNonNull(auditLink, "auditLink");
      requireNonNull(serviceTime, "serviceTime");
    }
  }

  /**
   * An entry of the audit log as it is kept.
   *
   * @param index its number
   * @param entry the encoded entry
   * @param link its link
   * @param signature the signature over the link
   */
  record AuditRow(long index, Bytes entry, Digest link, Bytes signature) {
    /** Checks the parts. */
    public AuditRow {
      requireNonNull(entry, "entry");
      requireNonNull(link, "link");
      requireNonNull(signature, "signature");
    }
  }

  /** A change of one record. */
  sealed interface Change {
    /** {@return the record concerned} */
    StoredRecord stored();

    /**
     * The record is there afterwards.
     *
     * @param stored the record
     */
    record Put(StoredRecord stored) implements Change {}

    /**
     * No record with its kind and name is there afterwards.
     *
     * @param stored the record
     */
    record Delete(StoredRecord stored) implements Change {}
  }

  /**
   * What changes together.
   *
   * @param changes the records, each at most once
   * @param audit the entry of the audit log
   * @param header the fixed part afterwards
   */
  record Batch(List<Change> changes, AuditRow audit, Header header) {
    /** Checks the parts. */
    public Batch {
      changes = List.copyOf(changes);
      requireNonNull(audit, "audit");
      requireNonNull(header, "header");
    }
  }

  /**
   * Reads everything that is kept; called once, before anything else.
   *
   * @param records gets each record
   * @return the fixed part, or nothing when the store is new
   */
  Optional<Header> load(Consumer<StoredRecord> records);

  /**
   * Keeps a batch.
   *
   * @param batch what changes
   */
  void commit(Batch batch);

  /**
   * Reads entries of the audit log.
   *
   * @param from the number of the first one
   * @param maxCount the most entries wanted
   * @return the entries in order
   */
  List<AuditRow> readAudit(long from, int maxCount);

  /** Closes the medium. */
  @Override
  void close();
}
