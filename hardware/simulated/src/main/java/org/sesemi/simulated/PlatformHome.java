package org.sesemi.simulated;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.UnixSockets;

/**
 * The folder of one simulated platform, held by one daemon at a time.
 *
 * <p>Guarantees: nobody but the owner can enter it; while a daemon holds it, no other one starts on
 * it; a socket that a daemon left behind is replaced.
 */
final class PlatformHome implements AutoCloseable {

  static final String SOCKET = "daemon.sock";

  private final Path folder;
  private final FileChannel lockFile;

  private PlatformHome(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  static PlatformHome open(Path folder) throws IOException {
    PrivateFiles.folder(folder);
    Path lockPath = folder.resolve("daemon.lock");
    PrivateFiles.file(lockPath);
    FileChannel lockFile = FileChannel.open(lockPath, StandardOpenOption.WRITE);
    if (lock(lockFile) == null) {
      lockFile.close();
      throw new PlatformException(
          PlatformException.Code.HOME_IN_USE, "another platform daemon uses " + folder);
    }
    for (String part : new String[] {"store", "counters", "logs"}) {
      PrivateFiles.folder(folder.resolve(part));
    }
    return new PlatformHome(folder, lockFile);
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path rootKey() {
    return folder.resolve("root.key");
  }

  Path store() {
    return folder.resolve("store");
  }

  Path counters() {
    return folder.resolve("counters");
  }

  Path log(String label) {
    return folder.resolve("logs").resolve(label + ".log");
  }

  /** Listens on the control socket. Holding the lock, a socket that is there is a stale one. */
  ServerSocketChannel listen() throws IOException {
    Path socket = folder.resolve(SOCKET);
    if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther()) {
        throw new PlatformException(
            PlatformException.Code.HOME_UNUSABLE, socket + " is not a socket");
      }
      Files.delete(socket);
    }
    ServerSocketChannel listening = UnixSockets.listen(socket);
    Files.setPosixFilePermissions(socket, PrivateFiles.PRIVATE_FILE);
    return listening;
  }

  /** Removes the socket and lets the folder go. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder.resolve(SOCKET));
    lockFile.close();
  }
}
