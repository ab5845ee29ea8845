package org.sesemi.cli.internal;

import org.sesemi.wire.CodedException;

/**
 * A failure together with what a program may want to know beyond, such as a verification record.
 */
final class FailureWithDetails extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CodedException failure;
  private final transient Fields details;

  FailureWithDetails(CodedException failure, Fields details) {
    super(failure);
    this.failure = failure;
    this.details = details;
  }

  CodedException failure() {
    return failure;
  }

  Fields details() {
    return details;
  }
}
