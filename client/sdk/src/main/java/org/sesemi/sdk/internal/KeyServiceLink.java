package org.sesemi.sdk.internal;

import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.VerificationRecord;

/** A connection to a key service that has proven itself. */
public interface KeyServiceLink extends AutoCloseable {

  /** {@return what the key service said about itself inside its evidence} */
  ClusterStatus status();

  /** {@return each step of how it proved itself} */
  VerificationRecord record();

  /**
   * Has an operation carried out, as a statement signed by this party.
   *
   * @param operation the operation
   * @return the answer
   */
  OperationAnswer perform(Operation operation);

  /** {@return whether the connection still works} */
  boolean answers();

  @Override
  void close();
}
