package org.sesemi.keyservice.internal;

import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;

/** A platform's memory in the test process: what several key services on one platform share. */
final class FakeGuard {

  private long runs;
  private long acknowledged;
  private boolean deadBeforeAcknowledging;

  /** {@return the guard of one more process} */
  RollbackGuard process() {
    return new RollbackGuard() {
      private long run;

      @Override
      public void claim() {
        run = ++runs;
      }

      @Override
      public long acknowledged() {
        return acknowledged;
      }

      @Override
      public void acknowledge(long number) {
        if (deadBeforeAcknowledging) {
          throw new IllegalStateException("died on the way");
        }
        if (number != acknowledged + 1) {
          throw new KeyServiceException(Code.STATE_FORKED, "the counter moved");
        }
        acknowledged = number;
        if (run != runs) {
          throw new KeyServiceException(Code.STATE_FORKED, "a newer run started");
        }
      }
    };
  }

  void dieBeforeAcknowledging(boolean dead) {
    deadBeforeAcknowledging = dead;
  }
}
