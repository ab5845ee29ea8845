package org.sesemi.keyservice.internal;

import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;

/**
 * The two counters of a cluster on the platform. Their names hold half of the cluster id, so that
 * clusters of one build on one platform do not disturb each other.
 */
final class PlatformGuard implements RollbackGuard {

  private static final String MOVED = "platform.counter-moved";
  private static final int NAME_DIGITS = 32;

  private final EnclavePlatform platform;
  private final String runs;
  private final String states;
  private long run;

  PlatformGuard(EnclavePlatform platform, Digest clusterId) {
    this.platform = platform;
    String name = clusterId.hex().substring(0, NAME_DIGITS);
    this.runs = "keyservice-runs." + name;
    this.states = "keyservice-states." + name;
  }

  @Override
  public void claim() {
    run = advance(runs, platform.readCounter(runs));
  }

  @Override
  public long acknowledged() {
    return platform.readCounter(states);
  }

  @Override
  public void acknowledge(long number) {
    advance(states, number - 1);
    if (platform.readCounter(runs) != run) {
      throw new KeyServiceException(
          Code.STATE_FORKED, "a newer run of this key service started on the platform");
    }
  }

  private long advance(String counter, long from) {
    try {
      return platform.advanceCounter(counter, from);
    } catch (CodedException e) {
      if (e.code().equals(MOVED)) {
        throw new KeyServiceException(
            Code.STATE_FORKED, "another run of this key service moved the platform's counter", e);
      }
      throw e;
    }
  }
}
