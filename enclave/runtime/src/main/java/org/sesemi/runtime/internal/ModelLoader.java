package org.sesemi.runtime.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.sesemi.crypto.CryptoException;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.ModelKey;
import org.sesemi.crypto.OpenedPackage;
import org.sesemi.crypto.PackageHeader;
import org.sesemi.crypto.PackageManifest;
import org.sesemi.crypto.PackageReader;
import org.sesemi.crypto.PackageSource;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Provisioned.AllowedVersion;

/**
 * The way of a model from storage into the engine: exactly the package that the key service named,
 * or none.
 */
public final class ModelLoader {

  private final PackageStore store;
  private final CryptoProvider provider;
  private final Supplier<InferenceEngine> engine;
  private final LongSupplier ticker;
  private final int parallelism;

  /**
   * Makes a loader.
   *
   * @param store where packages lie
   * @param provider the primitives
   * @param engine gives the engine, waiting for its start if need be
   * @param ticker a clock in nanoseconds
   * @param parallelism how many threads decrypt one package
   */
  public ModelLoader(
      PackageStore store,
      CryptoProvider provider,
      Supplier<InferenceEngine> engine,
      LongSupplier ticker,
      int parallelism) {
    this.store = store;
    this.provider = provider;
    this.engine = engine;
    this.ticker = ticker;
    this.parallelism = parallelism;
  }

  /**
   * Loads a model.
   *
   * @param model the model
   * @param version the version with the digest that its package must have
   * @param key the key of that package
   * @param room where memory is reserved
   * @param times where to note how long fetching, decrypting and loading took
   */
  LoadedModel load(
      ModelId model, AllowedVersion version, ModelKey key, ModelCache.Room room, StageTimes times) {
    try (TimedSource source = new TimedSource(store.open(model, version.version()), ticker)) {
      PackageReader reader = times.time(Stage.FETCH, () -> reader(source, model, version));
      PackageHeader header = reader.header();
      room.reserve(Math.max(header.memoryBytes(), header.plaintextSize()));
      source.reset();
      long start = ticker.getAsLong();
      try (OpenedPackage opened = reader.open(provider, key, parallelism)) {
        long reading = source.nanos() / parallelism;
        times.add(Stage.FETCH, reading);
        times.add(Stage.DECRYPT, Math.max(0, ticker.getAsLong() - start - reading));
        if (!opened.manifest().format().equals(PackageManifest.ONNX)) {
          throw new ModelException(
              ModelException.Code.UNSUPPORTED, "the model is of a format that is not served");
        }
        return times.time(Stage.LOAD, () -> engine.get().load(opened.model()));
      }
    } catch (IOException e) {
      throw new FunctionException(
          FunctionException.Code.STORAGE_FAILED, "the storage cannot be read", e);
    }
  }

  private static PackageReader reader(PackageSource source, ModelId model, AllowedVersion version) {
    PackageReader reader;
    try {
      reader = PackageReader.of(source);
    } catch (CryptoException e) {
      throw new FunctionException(
          FunctionException.Code.PACKAGE_CHANGED, "the storage holds no package: " + e.detail(), e);
    }
    if (reader.manifestDigest().equals(version.manifestDigest())) {
      return reader;
    }
    PackageHeader header = reader.header();
    if (header.model().equals(model) && header.version() != version.version()) {
      throw new FunctionException(
          FunctionException.Code.VERSION_NOT_CURRENT,
          "the storage serves version "
              + header.version()
              + " of the model, "
              + version.version()
              + " must be served now");
    }
    throw new FunctionException(
        FunctionException.Code.PACKAGE_CHANGED,
        "the package of version " + version.version() + " is not the one that its owner published");
  }

  /** A source that adds up how long reading from it takes. */
  private record TimedSource(PackageSource source, LongSupplier ticker, AtomicLong spent)
      implements PackageSource {

    TimedSource(PackageSource source, LongSupplier ticker) {
      this(source, ticker, new AtomicLong());
    }

    @Override
    public long size() throws IOException {
      return source.size();
    }

    @Override
    public void readFully(long offset, ByteBuffer target) throws IOException {
      long start = ticker.getAsLong();
      try {
        source.readFully(offset, target);
      } finally {
        spent.addAndGet(ticker.getAsLong() - start);
      }
    }

    long nanos() {
      return spent.get();
    }

    void reset() {
      spent.set(0);
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
