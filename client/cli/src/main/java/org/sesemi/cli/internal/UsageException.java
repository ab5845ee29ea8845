package org.sesemi.cli.internal;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A command that was written wrongly; its hint names what may have been meant. */
final class UsageException extends CodedException {

  private static final long serialVersionUID = 1L;

  private record UsageCode(String hint) implements ErrorCode {
    @Override
    public String code() {
      return CliException.Code.USAGE.code();
    }

    @Override
    public ErrorCategory category() {
      return CliException.Code.USAGE.category();
    }

    @Override
    public boolean retryable() {
      return false;
    }
  }

  UsageException(String message, String hint) {
    super(new UsageCode(hint), message);
  }
}
