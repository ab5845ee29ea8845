package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.sesemi.wire.GrantId;

/**
 * A decision in favour of whoever asked: what changes, what is answered and why.
 *
 * @param answer the answer
 * @param changes the records that change
 * @param reason the reason for the log
 * @param grant the grant that was made, revoked or satisfied
 * @param <T> the kind of answer
 */
record Decision<T>(T answer, List<Store.Change> changes, String reason, Optional<GrantId> grant) {

  Decision {
    requireNonNull(answer, "answer");
    changes = List.copyOf(changes);
    requireNonNull(reason, "reason");
    requireNonNull(grant, "grant");
  }

  static <T> Decision<T> of(T answer, String reason, Store.Change... changes) {
    return new Decision<>(answer, List.of(changes), reason, Optional.empty());
  }

  Decision<T> about(GrantId id) {
    return new Decision<>(answer, changes, reason, Optional.of(id));
  }
}
