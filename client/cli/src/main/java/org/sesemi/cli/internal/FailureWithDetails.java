package org.sesemi.cli.internal;

import java.util.Optional;
import org.sesemi.wire.CodedException;

/**
 * A failure together with what a program may want to know beyond, such as a verification record.
 */
final class FailureWithDetails extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CodedException failure;
  private final transient Fields details;
  private final transient Optional<Fields> data;

  FailureWithDetails(CodedException failure, Fields details) {
    this(failure, details, Optional.empty());
  }

  private FailureWithDetails(CodedException failure, Fields details, Optional<Fields> data) {
    super(failure);
    this.failure = failure;
    this.details = details;
    this.data = data;
  }

  /** Makes the failure of a command whose result says why: the envelope then has both. */
  static FailureWithDetails ofResult(CodedException failure, Fields data) {
    return new FailureWithDetails(failure, new Fields(), Optional.of(data));
  }

  CodedException failure() {
    return failure;
  }

  Fields details() {
    return details;
  }

  Optional<Fields> data() {
    return data;
  }
}
