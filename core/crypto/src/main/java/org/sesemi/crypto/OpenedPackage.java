package org.sesemi.crypto;

import java.nio.ByteBuffer;
import org.sesemi.wire.Digest;

/**
 * A model in plain, in one buffer outside the Java heap that {@link #close()} wipes and gives back.
 *
 * <p>Whoever uses the buffer, native code above all, must be done with it before closing: the
 * memory is unmapped, not left to the collector. Not thread-safe.
 */
public final class OpenedPackage implements AutoCloseable {

  private final PackageHeader header;
  private final PackageManifest manifest;
  private final Digest manifestDigest;
  private final PlainModel model;

  OpenedPackage(
      PackageHeader header, PackageManifest manifest, Digest manifestDigest, PlainModel model) {
    this.header = header;
    this.manifest = manifest;
    this.manifestDigest = manifestDigest;
    this.model = model;
  }

  /** {@return the header, authentic now} */
  public PackageHeader header() {
    return header;
  }

  /** {@return the manifest} */
  public PackageManifest manifest() {
    return manifest;
  }

  /** {@return the name of exactly this package} */
  public Digest manifestDigest() {
    return manifestDigest;
  }

  /** {@return the model, as a view of the direct buffer from 0 to its size; gone after closing} */
  public ByteBuffer model() {
    return model.bytes();
  }

  /** Wipes the model and gives its memory back. A second call does nothing. */
  @Override
  public void close() {
    model.close();
  }
}
