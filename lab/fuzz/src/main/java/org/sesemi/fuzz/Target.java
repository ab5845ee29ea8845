package org.sesemi.fuzz;

/** A parser or verifier that takes bytes which nobody vouches for. */
@FunctionalInterface
interface Target {

  /**
   * Takes an input and refuses it, or not, in the way that is documented.
   *
   * @param input any bytes
   */
  void take(byte[] input);
}
