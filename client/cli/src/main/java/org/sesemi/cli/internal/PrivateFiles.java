package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files and folders that only their owner may read, written so that a crash leaves old or new. */
public final class PrivateFiles {

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  /**
   * Makes a folder, and those above it where they are missing.
   *
   * @param folder the folder
   */
  public static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
  }

  /**
   * Replaces the content of a file as a whole.
   *
   * @param file the file
   * @param content what it shall hold
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("no folder holds " + file);
    }
    Path fresh =
        folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            EnumSet.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(FILE))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        var _ = channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Takes a file away from everybody but its owner.
   *
   * @param file the file
   */
  public static void protect(Path file) throws IOException {
    Files.setPosixFilePermissions(file, FILE);
  }

  /**
   * Tells whether somebody else than the owner may use a file or folder.
   *
   * @param path the file or folder
   */
  public static boolean isOpenToOthers(Path path) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    return permissions.stream().anyMatch(p -> !FOLDER.contains(p));
  }

  /**
   * Tells whether a folder holds nothing.
   *
   * @param folder the folder
   */
  public static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  /**
   * Deletes a folder with all that it holds; links are deleted, never followed.
   *
   * @param folder the folder; it need not exist
   */
  public static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes)
              throws IOException {
            // Copies of programs are kept read-only; what they lie in must be writable to delete.
            Files.setPosixFilePermissions(entry, FOLDER);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(entry);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path entry, IOException failure)
              throws IOException {
            if (failure instanceof java.nio.file.NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path entry, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(entry);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
