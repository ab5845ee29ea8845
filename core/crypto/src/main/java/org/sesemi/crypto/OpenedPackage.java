package org.sesemi.crypto;

import java.nio.ByteBuffer;
import org.sesemi.wire.Digest;

/**
 * A model in plain, in one buffer outside the Java heap that {@link #close()} wipes.
 *
 * <p>Whoever uses the buffer must be done with it before closing. Not thread-safe.
 */
public final class OpenedPackage implements AutoCloseable {

  private final PackageHeader header;
  private final PackageManifest manifest;
  private final Digest manifestDigest;
  private final ByteBuffer model;

  OpenedPackage(
      PackageHeader header, PackageManifest manifest, Digest manifestDigest, ByteBuffer model) {
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

  /** {@return the model, as a view of the direct buffer from 0 to its size} */
  public ByteBuffer model() {
    return model.duplicate().clear();
  }

  @Override
  public void close() {
    SealedContent.wipe(model);
  }
}
