package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Files that a kernel or library OS makes up when they are used: their sizes say nothing, what is
 * written must come in one piece, and failures have meanings of their own.
 */
final class PseudoFiles {

  private static final int MAX_LINE = 256;

  private PseudoFiles() {}

  /** Reads until the end, and fails when that is further than a number of bytes. */
  static byte[] read(Path file, int max) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(max + 1);
    try (ReadableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
      boolean more = true;
      while (more && bytes.hasRemaining()) {
        more = channel.read(bytes) >= 0;
      }
    }
    if (!bytes.hasRemaining()) {
      throw new IOException("there are more than " + max + " bytes");
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Reads a short text without the line end behind it. */
  static String line(Path file) throws IOException {
    return new String(read(file, MAX_LINE), StandardCharsets.US_ASCII).strip();
  }

  /** Reads a number. */
  static long number(Path file) throws IOException {
    String line = line(file);
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw new IOException("it holds no number", e);
    }
  }

  /** Writes everything at once, neither truncating nor creating the file. */
  static void write(Path file, byte[] bytes) throws IOException {
    try (WritableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      int written = channel.write(ByteBuffer.wrap(bytes));
      if (written != bytes.length) {
        throw new IOException("it took " + written + " of " + bytes.length + " bytes");
      }
    }
  }

  /** {@return whether a failure passes by itself: EBUSY or EWOULDBLOCK} */
  static boolean isPassing(IOException e) {
    String text = reason(e);
    return text.contains("busy") || text.contains("temporarily unavailable");
  }

  /** {@return a failure for people, without the path} */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "it is not there";
    }
    String text = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return text == null || text.isEmpty() ? e.getClass().getSimpleName() : text;
  }
}
