package org.sesemi.keyservice.internal;

/**
 * What the platform remembers for the key service where the operator cannot turn it back.
 *
 * <p>Two counters that only grow. The first counts runs: a process claims a run before it reads the
 * second, and from then on no older process gets an acknowledgement. The second holds the number of
 * the last acknowledged state.
 *
 * <p>Why both: states are written before they are acknowledged, so one state above the acknowledged
 * number is accepted at start, for a process that died between the two. Without runs, a second
 * process on a copy of the database could write such a state beside a first one that goes on
 * acknowledging, and the operator could choose between them.
 */
interface RollbackGuard {

  /** Makes this process the newest run. */
  void claim();

  /** {@return the number of the last acknowledged state} */
  long acknowledged();

  /**
   * Acknowledges the state after the last one, when nothing else happened on this platform.
   *
   * @param number its number
   * @throws org.sesemi.keyservice.KeyServiceException with {@code state.forked} otherwise
   */
  void acknowledge(long number);
}
