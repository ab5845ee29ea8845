package org.sesemi.keyservice.internal;

import java.sql.SQLException;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;

/** The failures of the store. */
final class StoreFailures {

  private StoreFailures() {}

  static KeyServiceException tampered(String what) {
    return new KeyServiceException(Code.STATE_TAMPERED, what);
  }

  static KeyServiceException failed(SQLException cause) {
    return new KeyServiceException(
        Code.STORE_FAILED, "the database failed with error " + cause.getErrorCode(), cause);
  }

  static KeyServiceException unreadable(SQLException cause) {
    return new KeyServiceException(
        Code.STATE_TAMPERED,
        "the database file does not read, error " + cause.getErrorCode(),
        cause);
  }
}
