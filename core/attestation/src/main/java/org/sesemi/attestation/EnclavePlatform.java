package org.sesemi.attestation;

import java.util.Map;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.LaunchId;

/**
 * The platform as the enclave on it sees it.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Evidence, sealing and counters speak about this launch and its measurement; nothing that an
 *       enclave says can make them speak about another.
 *   <li>What one measurement sealed, no other measurement unseals, on no platform with another
 *       root.
 *   <li>A counter never goes back, whoever restarts what.
 *   <li>Parameters are what the operator said. They are not measured, so nothing may be trusted
 *       because of them.
 * </ul>
 *
 * <p>Safe for use by several threads. Failures are coded: refusals of the platform as {@link
 * org.sesemi.wire.RemoteException}, failures of the pipe and of sealed data as {@link
 * org.sesemi.wire.PlatformException}.
 */
public interface EnclavePlatform extends Attester {

  /** {@return the name of this launch} */
  LaunchId launchId();

  /** {@return what code runs, as evidence will say} */
  Digest measurement();

  /** {@return the digest of the configuration, as evidence will say} */
  Digest configDigest();

  /** {@return the raw 32-byte key that evidence of this platform leads to} */
  Bytes platformRoot();

  /** {@return the measured configuration} */
  Bytes config();

  /** {@return what the operator said beside it; not measured} */
  Map<String, String> parameters();

  /**
   * Encrypts data so that only this measurement on this platform can read it again.
   *
   * @param data what to protect; the caller wipes it
   * @param context what must be given again to read it, for example the purpose of the data
   * @return the sealed data
   */
  byte[] seal(byte[] data, byte[] context);

  /**
   * Opens sealed data.
   *
   * @param sealed what {@link #seal} returned
   * @param context what was given to seal it
   * @return the data; the caller wipes it
   * @throws org.sesemi.wire.PlatformException with {@code platform.sealed-elsewhere} when another
   *     measurement sealed it, {@code platform.seal-tampered} when it does not open
   */
  byte[] unseal(byte[] sealed, byte[] context);

  /**
   * Reads a monotonic counter of this measurement; one never advanced is at 0.
   *
   * @param name its name: up to 128 of {@code a-z 0-9 . _ -}
   * @return its value
   */
  long readCounter(String name);

  /**
   * Moves a monotonic counter of this measurement one up. It is durable when this returns.
   *
   * @param name its name
   * @param from the value it must have now
   * @return the new value, {@code from + 1}
   * @throws org.sesemi.wire.RemoteException with {@code platform.counter-moved} when it has another
   *     value, so that one of two instances with the same state loses
   */
  long advanceCounter(String name, long from);

  /**
   * Tells that the enclave can serve. To be called once.
   *
   * @param values what others need to reach it, for example the address it listens on; public
   */
  void ready(Map<String, String> values);

  /**
   * Registers what to do when the platform asks the enclave to end.
   *
   * @param action called once, by a thread of its own; at once when the platform has asked already
   */
  void onShutdown(Runnable action);

  /**
   * Registers what to do when the platform is gone. An enclave ends itself then.
   *
   * @param action called once; at once when it is gone already
   */
  void onClosed(Runnable action);

  /**
   * Waits until the platform asks the enclave to end, or is gone.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  void awaitShutdown() throws InterruptedException;
}
