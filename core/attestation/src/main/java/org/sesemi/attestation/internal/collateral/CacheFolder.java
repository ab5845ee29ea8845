package org.sesemi.attestation.internal.collateral;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Small files under keys, in one folder that belongs to its owner alone.
 *
 * <p>Guarantees: a file is there as a whole, as it was before, or not at all, whenever the process
 * or the machine stops; changed bytes are noticed; {@link #locked} excludes other threads and other
 * processes. Thread-safe.
 */
final class CacheFolder {

  private static final int DIGEST = 32;
  private static final long MAX_LENGTH = 8 << 20;
  private static final FileAttribute<?> FOLDER = permissions("rwx------");
  private static final FileAttribute<?> FILE = permissions("rw-------");

  /**
   * File locks belong to the process: threads exclude each other here first, also those that use
   * another instance for the same folder.
   */
  private static final List<Lock> STRIPES =
      IntStream.range(0, 64).<Lock>mapToObj(_ -> new ReentrantLock()).toList();

  private final Path folder;

  CacheFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** What is done under the lock. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Runs something while nobody else does anything under the same key. */
  <T> T locked(String key, Work<T> work) throws IOException {
    prepare();
    Path file = folder.toRealPath().resolve(key + ".lock");
    Lock stripe = STRIPES.get(Math.floorMod(file.hashCode(), STRIPES.size()));
    stripe.lock();
    try (FileChannel channel = FileChannel.open(file, Set.of(CREATE, WRITE), FILE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock of " + key + " was lost");
      }
      return work.run();
    } finally {
      stripe.unlock();
    }
  }

  /**
   * Reads a file.
   *
   * @return its content, or nothing when there is no such file
   * @throws DamagedException when it is not as it was written
   */
  Optional<byte[]> read(String name) throws IOException {
    Path file = folder.resolve(name);
    try (FileChannel channel = FileChannel.open(file, Set.of(READ, LinkOption.NOFOLLOW_LINKS))) {
      long size = channel.size();
      if (size < DIGEST || size > MAX_LENGTH) {
        throw new DamagedException(name);
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) size);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Until all is there; a file that shrinks meanwhile fails the digest.
      }
      byte[] all = buffer.array();
      byte[] content = Arrays.copyOfRange(all, DIGEST, all.length);
      if (!MessageDigest.isEqual(Arrays.copyOf(all, DIGEST), digest(name, content))) {
        throw new DamagedException(name);
      }
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Writes a file, to be called under the lock of its key. */
  void write(String name, byte[] content) throws IOException {
    Path temporary = folder.resolve(name + ".new");
    // What an earlier attempt left behind may have other permissions.
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(temporary, Set.of(CREATE, WRITE, TRUNCATE_EXISTING), FILE)) {
      for (byte[] part : List.of(digest(name, content), content)) {
        ByteBuffer buffer = ByteBuffer.wrap(part);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.force(true);
    }
    Files.move(
        temporary,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent = FileChannel.open(folder, READ)) {
      parent.force(true);
    }
  }

  /** Puts a file aside for whoever wants to know what happened to it. */
  void quarantine(String name) throws IOException {
    Path file = folder.resolve(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(file, folder.resolve(name + ".bad"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A file is not as it was written. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String name) {
      super("the file " + name + " is damaged");
    }
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try {
        Files.createDirectory(folder, FOLDER);
      } catch (java.nio.file.FileAlreadyExistsException e) {
        // Another process was quicker.
      }
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException("others can write to the folder " + folder + "; chmod go-w");
    }
  }

  /** Covers the name, so that one file does not pass for another. */
  private static byte[] digest(String name, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256", "SUN");
      digest.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }
}
