package org.sesemi.crypto;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that can be read from any offset by several threads at once: a file, a buffer, an object in
 * a store.
 */
public interface PackageSource extends AutoCloseable {

  /**
   * Returns the number of bytes.
   *
   * @return the size
   * @throws IOException when it cannot be found out
   */
  long size() throws IOException;

  /**
   * Fills a buffer.
   *
   * @param offset where to begin
   * @param target filled from its position to its limit
   * @throws IOException when the bytes cannot be read, or end too early
   */
  void readFully(long offset, ByteBuffer target) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens a file.
   *
   * @param file its path
   * @return the source, to be closed
   * @throws IOException when it cannot be opened
   */
  static PackageSource ofFile(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return new PackageSource() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public void readFully(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
          int count = channel.read(target, at);
          if (count < 0) {
            throw new EOFException("the file ends at " + at);
          }
          at += count;
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /**
   * Wraps what remains in a buffer.
   *
   * @param bytes the buffer; it must not change
   * @return the source
   */
  static PackageSource ofBytes(ByteBuffer bytes) {
    ByteBuffer view = bytes.slice().asReadOnlyBuffer();
    return new PackageSource() {
      @Override
      public long size() {
        return view.limit();
      }

      @Override
      public void readFully(long offset, ByteBuffer target) throws IOException {
        if (offset < 0 || offset + target.remaining() > view.limit()) {
          throw new EOFException("the bytes end at " + view.limit());
        }
        target.put(view.slice((int) offset, target.remaining()));
      }

      @Override
      public void close() {
        // A buffer holds nothing to release.
      }
    };
  }
}
