package org.sesemi.runtime.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.sesemi.crypto.PackageSource;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PackageLocation;
import org.sesemi.wire.VersionRule;

/**
 * The folder with sealed packages. Whoever controls it is not trusted: everything read from it is
 * judged by its digest.
 */
public final class PackageStore {

  private static final int READ_AHEAD = 1 << 20;

  private final Path folder;

  /**
   * Names a storage.
   *
   * @param folder its folder
   */
  public PackageStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a package.
   *
   * @param model the model
   * @param version its version
   */
  public PackageSource open(ModelId model, long version) {
    PackageLocation location = new PackageLocation(model, version);
    try {
      return PackageSource.ofFile(location.in(folder));
    } catch (NoSuchFileException e) {
      throw new FunctionException(
          FunctionException.Code.PACKAGE_MISSING, "the storage has no " + location.path(), e);
    } catch (IOException e) {
      throw new FunctionException(
          FunctionException.Code.STORAGE_FAILED, "the storage cannot be read", e);
    }
  }

  /**
   * Reads the package that will most likely be asked for, so that the system has it in memory when
   * the keys arrive. Failures are left to whoever opens the package.
   *
   * @param model the model
   * @param rule the versions that a request accepts
   */
  public void readAhead(ModelId model, VersionRule rule) {
    try {
      Optional<Path> file = likely(model, rule);
      if (file.isPresent()) {
        ByteBuffer scratch = ByteBuffer.allocateDirect(READ_AHEAD);
        try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ)) {
          while (channel.read(scratch) >= 0) {
            scratch.clear();
          }
        }
      }
    } catch (IOException | CodedException _) {
      // Reading ahead is a guess; the request itself finds out what is wrong.
    }
  }

  private Optional<Path> likely(ModelId model, VersionRule rule) throws IOException {
    if (rule instanceof VersionRule.Exactly(long version)) {
      return Optional.of(new PackageLocation(model, version).in(folder))
          .filter(Files::isRegularFile);
    }
    Path models = new PackageLocation(model, 1).in(folder).getParent();
    if (models == null || !Files.isDirectory(models)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(models)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[1-9][0-9]{0,17}\\.sealed"))
          .max(Comparator.comparingLong(PackageStore::version));
    }
  }

  private static long version(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }
}
