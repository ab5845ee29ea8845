package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * One decision of the key service: what was asked, by whom, what was decided and why. It holds no
 * key; of a statement that held one it keeps the digest only.
 *
 * @param index its number in the log, from 0 on
 * @param time the time of the key service
 * @param action what was asked for: the name of an operation, {@code provision} or {@code start}
 * @param allowed what was decided
 * @param code {@code ok}, or the error code that the asker got
 * @param reason the reason in words
 * @param salt 16 random bytes that keep the digest from being guessed
 * @param subject whom and what it is about
 */
public record AuditEntry(
    long index,
    Instant time,
    String action,
    boolean allowed,
    String code,
    String reason,
    Bytes salt,
    Subject subject) {

  /** The most bytes of an encoded entry. */
  public static final int MAX_LENGTH = 64 * 1024;

  /** The code of a decision in favour. */
  public static final String OK = "ok";

  /** The number of bytes of the salt. */
  public static final int SALT_LENGTH = 16;

  private static final int MAX_CODE_LENGTH = 64;
  private static final int MAX_REASON_LENGTH = 1024;

  /** Checks lengths and cuts the time to milliseconds. */
  public AuditEntry {
    requireNonNull(subject, "subject");
    time = Instants.toMillis(time);
    if (index < 0
        || action.length() > MAX_CODE_LENGTH
        || code.length() > MAX_CODE_LENGTH
        || reason.length() > MAX_REASON_LENGTH
        || salt.length() != SALT_LENGTH) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "a field of an audit entry is out of range");
    }
  }

  /**
   * Whom and what an entry is about, as far as it is known.
   *
   * @param actor the party that asked
   * @param model the model
   * @param user the user that a grant or a provisioning is about
   * @param measurement the code measurement of the enclave that asked
   * @param configDigest the configuration digest of the enclave that asked
   * @param grant the grant that was made, revoked or satisfied
   * @param statementDigest the SHA-256 digest of the signed statement, as it was sent
   * @param statement the signed statement, as it was sent, where it held no key
   */
  public record Subject(
      Optional<PartyId> actor,
      Optional<ModelId> model,
      Optional<PartyId> user,
      Optional<Digest> measurement,
      Optional<Digest> configDigest,
      Optional<GrantId> grant,
      Optional<Digest> statementDigest,
      Optional<Bytes> statement) {

    /** The subject of an entry about the key service itself. */
    public static final Subject NONE =
        new Subject(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * Tells whether a party may see the entry: the actor, the owner of the model and the user may.
     *
     * @param party the party
     * @return whether the party may see it
     */
    public boolean concerns(PartyId party) {
      return actor.filter(party::equals).isPresent()
          || user.filter(party::equals).isPresent()
          || model.filter(id -> id.owner().equals(party)).isPresent();
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    CborMap.Builder map =
        CborMap.versioned()
            .put(1, index)
            .put(2, time.toEpochMilli())
            .put(3, action)
            .put(4, allowed)
            .put(5, code)
            .put(6, reason)
            .put(7, salt);
    subject.actor().ifPresent(actor -> map.put(8, actor.digest()));
    subject.model().ifPresent(model -> map.put(9, model.text()));
    subject.user().ifPresent(user -> map.put(10, user.digest()));
    subject.measurement().ifPresent(measurement -> map.put(11, measurement));
    subject.configDigest().ifPresent(config -> map.put(12, config));
    subject.grant().ifPresent(grant -> map.put(13, grant.value()));
    subject.statementDigest().ifPresent(digest -> map.put(14, digest));
    subject.statement().ifPresent(statement -> map.put(15, statement));
    return map.build().encode();
  }

  /**
   * Reads an entry.
   *
   * @param bytes the encoding
   * @return what was read
   */
  public static AuditEntry decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    AuditEntry entry =
        new AuditEntry(
            reader.integer(1, 0, Long.MAX_VALUE),
            Instants.read(reader, 2),
            reader.text(3, MAX_CODE_LENGTH),
            reader.bool(4),
            reader.text(5, MAX_CODE_LENGTH),
            reader.text(6, MAX_REASON_LENGTH),
            reader.byteString(7, SALT_LENGTH),
            new Subject(
                reader.optionalDigest(8).map(PartyId::new),
                reader.optional(9, OperationCodec::model),
                reader.optionalDigest(10).map(PartyId::new),
                reader.optionalDigest(11),
                reader.optionalDigest(12),
                reader.optional(13, OperationCodec::grantId),
                reader.optionalDigest(14),
                reader.optionalBytes(15, 1, MAX_LENGTH).map(Bytes::of)));
    reader.finish();
    return entry;
  }
}
