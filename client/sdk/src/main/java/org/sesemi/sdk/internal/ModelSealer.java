package org.sesemi.sdk.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.ModelKey;
import org.sesemi.crypto.PackageSource;
import org.sesemi.crypto.PackageWriter;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PackageLocation;
import org.sesemi.wire.RandomSource;

/** Seals models into a storage folder, where a package appears as a whole or not at all. */
public final class ModelSealer {

  /** What an engine needs beside the model's bytes, as a factor of them. */
  private static final long CONTEXT_FACTOR = 2;

  /** What an engine needs for a model of any size. */
  private static final long CONTEXT_BYTES = 16L << 20;

  private final PackageWriter writer;

  /**
   * Makes a sealer.
   *
   * @param crypto the primitives
   * @param random the source of salts
   */
  public ModelSealer(CryptoProvider crypto, RandomSource random) {
    this.writer = new PackageWriter(crypto, random);
  }

  /**
   * A sealed package in its place.
   *
   * @param file where it is
   * @param size its size
   * @param manifestDigest the name of exactly this package
   */
  public record Sealed(Path file, long size, Digest manifestDigest) {

    /** Removes the package, which nobody was told of. */
    public void delete() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new SdkException(SdkException.Code.FILE_UNREADABLE, "cannot delete " + file, e);
      }
    }
  }

  /**
   * Seals a model.
   *
   * @param model the model
   * @param id what to call it
   * @param version its version
   * @param key the key to seal it under
   * @param storage the storage folder
   * @return the package
   */
  public Sealed seal(ModelFile model, ModelId id, long version, ModelKey key, Path storage) {
    Path target = new PackageLocation(id, version).in(storage);
    Path fresh = target.resolveSibling("." + UUID.randomUUID() + ".new");
    try {
      Files.createDirectories(target.getParent());
      PackageWriter.Written written;
      try (PackageSource source = PackageSource.ofFile(model.path());
          FileChannel channel =
              FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        written =
            writer.write(
                key,
                new PackageWriter.Description(
                    id,
                    version,
                    model.size() * (1 + CONTEXT_FACTOR) + CONTEXT_BYTES,
                    model.format(),
                    model.inputs(),
                    model.outputs()),
                source,
                channel);
        channel.force(true);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return new Sealed(target, written.sealedBytes(), written.manifestDigest());
    } catch (IOException e) {
      throw new SdkException(
          SdkException.Code.FILE_UNREADABLE, "cannot seal " + model.path() + " to " + target, e);
    } finally {
      deleteQuietly(fresh);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(ModelSealer.class.getName())
          .log(System.Logger.Level.WARNING, "a temporary file stays behind: " + file, e);
    }
  }
}
