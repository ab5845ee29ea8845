package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A grant as the key service keeps it.
 *
 * @param id its name
 * @param terms what the owner asked for
 * @param created when the key service accepted it
 * @param revoked when the owner ended it, if so
 */
public record GrantView(
    GrantId id, Operation.Grant terms, Instant created, Optional<Instant> revoked) {

  /** Checks the parts. */
  public GrantView {
    requireNonNull(id, "id");
    requireNonNull(terms, "terms");
    created = Instants.toMillis(created);
    revoked = revoked.map(Instants::toMillis);
  }

  CborMap toCbor() {
    CborMap.Builder map =
        CborMap.builder().put(1, id.value()).put(2, terms.encode()).put(3, created.toEpochMilli());
    revoked.ifPresent(time -> map.put(4, time.toEpochMilli()));
    return map.build();
  }

  static GrantView fromCbor(CborReader reader) {
    GrantId id = OperationCodec.grantId(reader, 1);
    byte[] encoded = reader.bytes(2, 1, Statement.MAX_ARGUMENTS_LENGTH);
    if (!(Operation.decode("grant", encoded) instanceof Operation.Grant terms)) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "the terms are not a grant");
    }
    GrantView result =
        new GrantView(id, terms, Instants.read(reader, 3), reader.optional(4, Instants::read));
    reader.finish();
    return result;
  }
}
