package org.sesemi.simulated;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Set;
import java.util.stream.Stream;
import org.sesemi.wire.Digest;

/**
 * Read-only copies of files under the digest of their content. A name is 64 hexadecimal digits,
 * with an {@code x} behind them when the file is executable.
 *
 * <p>Guarantees: the content of a blob was hashed while it was written, so that a source that
 * changes meanwhile cannot get another content under its name.
 */
final class BlobStore {

  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("r-xr-xr-x");
  private static final String UNFINISHED = ".new-";
  private static final int BUFFER = 1 << 18;

  private final Path folder;
  private long copies;

  BlobStore(Path folder) throws IOException {
    this.folder = folder;
    PrivateFiles.folder(folder);
    for (Path path : list(folder)) {
      if (path.getFileName().toString().startsWith(UNFINISHED)) {
        Files.delete(path);
      }
    }
  }

  Path path(String blob) {
    return folder.resolve(blob);
  }

  boolean has(String blob) {
    return Files.isRegularFile(path(blob), LinkOption.NOFOLLOW_LINKS);
  }

  /** How many files were read and hashed so far. */
  long copies() {
    return copies;
  }

  /** Copies a file into the store and returns the name of the blob. */
  String copy(Path source, boolean executable) throws IOException {
    copies++;
    Path unfinished = Files.createTempFile(folder, UNFINISHED, "");
    try {
      MessageDigest digest = Digest.newSha256();
      try (InputStream in = Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS);
          FileChannel out = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          digest.update(buffer, 0, read);
          ByteBuffer left = ByteBuffer.wrap(buffer, 0, read);
          while (left.hasRemaining()) {
            out.write(left);
          }
        }
        out.force(false);
      }
      Files.setPosixFilePermissions(unfinished, executable ? EXECUTABLE : PLAIN);
      String blob = Digest.of(digest.digest()).hex() + (executable ? "x" : "");
      Files.move(unfinished, path(blob), StandardCopyOption.ATOMIC_MOVE);
      return blob;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Deletes a blob whose content is no longer what its name says. */
  void dropIfDamaged(String blob) throws IOException {
    if (has(blob)) {
      MessageDigest digest = Digest.newSha256();
      byte[] buffer = new byte[BUFFER];
      try (InputStream in = Files.newInputStream(path(blob), LinkOption.NOFOLLOW_LINKS)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          digest.update(buffer, 0, read);
        }
      }
      if (!blob.startsWith(Digest.of(digest.digest()).hex())) {
        Files.delete(path(blob));
      }
    }
  }

  /** Deletes the blobs that no tree uses. */
  void collect() throws IOException {
    for (Path path : list(folder)) {
      if (((Number) Files.getAttribute(path, "unix:nlink")).intValue() == 1) {
        Files.delete(path);
      }
    }
  }

  private static Iterable<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }
}
