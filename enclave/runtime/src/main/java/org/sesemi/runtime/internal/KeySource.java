package org.sesemi.runtime.internal;

/** Where the runtime gets keys from: the key service, or a fake in tests. */
@FunctionalInterface
public interface KeySource {

  /**
   * Fetches the keys of one slot.
   *
   * @param slot which keys
   * @param epoch the epoch that the answer must have at least
   * @param times where to note how long connecting took
   */
  KeyCache.Fetched<RuntimeKeys> fetch(KeyCache.Slot slot, long epoch, StageTimes times);
}
