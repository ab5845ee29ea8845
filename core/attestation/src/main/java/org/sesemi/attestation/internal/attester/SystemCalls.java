package org.sesemi.attestation.internal.attester;

import java.lang.foreign.MemorySegment;

/**
 * The system calls that a device without file semantics needs. Each gives what the kernel gives: a
 * number from zero, or the negated error number. Implementations are thread-safe.
 */
interface SystemCalls {

  /** Not permitted. */
  int EPERM = 1;

  /** No such file. */
  int ENOENT = 2;

  /** Interrupted by a signal. */
  int EINTR = 4;

  /** Permission denied. */
  int EACCES = 13;

  /** Not a device that knows the request. */
  int ENOTTY = 25;

  /** Opens a file for reading and writing. */
  int open(String path);

  /** Sends a request to a device. */
  int ioctl(int descriptor, long request, MemorySegment argument);

  /** Closes a file. */
  int close(int descriptor);
}
