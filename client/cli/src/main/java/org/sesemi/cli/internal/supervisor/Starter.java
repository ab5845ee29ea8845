package org.sesemi.cli.internal.supervisor;

/** Starts a part of the stack, once for each of its lives. */
@FunctionalInterface
interface Starter {

  /**
   * Starts the part and waits until it serves.
   *
   * @return the new life
   * @throws InterruptedException when the stack goes down meanwhile
   */
  Running start() throws InterruptedException;
}
