package org.sesemi.keyservice.internal;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCode;

/** What whoever was refused gets to see: a code and a short sentence. */
final class RefusedException extends CodedException {

  private static final long serialVersionUID = 1L;

  RefusedException(ErrorCode errorCode, String message) {
    super(errorCode, message);
  }
}
