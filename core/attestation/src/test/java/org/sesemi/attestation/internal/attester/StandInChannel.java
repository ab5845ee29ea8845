package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/** An open pseudo-file: its size is said to be zero, and its content made at the first read. */
final class StandInChannel implements SeekableByteChannel {

  /** A kernel hands out a page at a time. */
  private static final int PAGE = 4096;

  private final PseudoTree tree;
  private final String path;
  private final boolean write;
  private @Nullable ByteBuffer content;
  private boolean open = true;

  StandInChannel(PseudoTree tree, String path, boolean write) {
    this.tree = tree;
    this.path = path;
    this.write = write;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (write) {
      throw new NonReadableChannelException();
    }
    ByteBuffer bytes = content;
    if (bytes == null) {
      bytes = ByteBuffer.wrap(tree.read(path));
      content = bytes;
    }
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int length = Math.min(PAGE, Math.min(bytes.remaining(), target.remaining()));
    byte[] page = new byte[length];
    bytes.get(page);
    target.put(page);
    return length;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (!write) {
      throw new NonWritableChannelException();
    }
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    return tree.write(path, bytes);
  }

  @Override
  public void close() throws IOException {
    if (open && write) {
      open = false;
      tree.closed(path);
    }
    open = false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public long size() {
    return 0;
  }

  @Override
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SeekableByteChannel position(long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }
}
