package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.PrivateFiles;
import org.sesemi.cli.internal.StateFile;

/**
 * The part of the state folder that exists only while a stack runs: who supervises it, what it
 * looks like, and temporary files. Whatever is in it without a living supervisor was left behind.
 */
public final class RunFolder {

  private final Path folder;

  /**
   * Names the folder; it need not exist.
   *
   * @param home the state folder
   */
  public RunFolder(HomeFolder home) {
    this.folder = home.run();
  }

  /** Makes the folder. */
  public void create() {
    try {
      PrivateFiles.makeFolder(folder);
      PrivateFiles.makeFolder(temporary());
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot make " + folder, e);
    }
  }

  /** Tells whether the folder is there. */
  public boolean exists() {
    return Files.exists(folder);
  }

  /** Returns the folder of temporary files. */
  public Path temporary() {
    return folder.resolve("tmp");
  }

  /** Returns the packer's configuration. */
  public Path packerConfiguration() {
    return folder.resolve("packer.json");
  }

  /** Returns what the supervisor last wrote about the stack. */
  public Optional<StackStatus> status() {
    Path file = folder.resolve("status.json");
    return Files.exists(file)
        ? Optional.of(StateFile.read(file, StackStatus::of))
        : Optional.empty();
  }

  /** Returns what the supervisor last wrote, while it lives. */
  public Optional<StackStatus> livingStatus() {
    return status().filter(status -> status.supervisor().isAlive());
  }

  /**
   * Writes what the stack looks like.
   *
   * @param status what it looks like
   */
  public void write(StackStatus status) {
    StateFile.write(folder.resolve("status.json"), status.fields());
  }

  /** Deletes the folder with all that it holds. */
  public void delete() {
    try {
      PrivateFiles.deleteTree(folder);
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot delete " + folder, e);
    }
  }

  /**
   * Takes the lock that one supervisor holds while it lives; the system gives it back whatever way
   * the supervisor ends. It lies beside the folder, so that the folder can be deleted.
   *
   * @param home the state folder
   * @return the lock, or empty when another process holds it
   */
  public static Optional<FileLock> lock(HomeFolder home) {
    try {
      FileChannel channel =
          FileChannel.open(
              home.root().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      @Nullable FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(lock);
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot lock " + home.root(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
