package org.sesemi.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A blocking byte stream in both directions, either plain or through TLS. */
interface Transport extends Closeable {

  /** Reads at least one byte, or returns -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Writes everything in both buffers, of which either may be empty. */
  void write(ByteBuffer head, ByteBuffer body) throws IOException;

  /** Says that nothing more will be written, so that what was written arrives before the end. */
  void shutdownOutput() throws IOException;
}
