package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import org.sesemi.wire.Digest;
import org.sesemi.wire.WireException;

/**
 * Reads a sealed model package.
 *
 * <p>Guarantees: what {@link #open} returns is the model that the owner sealed under exactly this
 * manifest digest, whole and in order; a package that was cut, extended, reordered, mixed with
 * another version or changed in any byte is refused with {@code package.*}, and nothing of it stays
 * in memory. Whether the manifest digest is one that the owner allows now is the caller's question.
 *
 * <p>Segments are fetched and opened by several threads straight into one buffer outside the Java
 * heap. Thread-safe as far as its source is.
 */
public final class PackageReader {

  private static final int FIXED = 4 + 2 + 4;
  private static final int MAX_HEADER = 4096;
  private static final int MAX_MANIFEST = 1 << 20;

  private final PackageSource source;
  private final PackageHeader header;
  private final byte[] prefix;
  private final byte[] sealedManifest;
  private final Digest manifestDigest;

  private PackageReader(
      PackageSource source, PackageHeader header, byte[] prefix, byte[] sealedManifest) {
    this.source = source;
    this.header = header;
    this.prefix = prefix;
    this.sealedManifest = sealedManifest;
    this.manifestDigest = Digest.sha256(prefix, sealedManifest);
  }

  /**
   * Reads the clear part of a package, for which no key is needed.
   *
   * @param source the package; it stays open until the model was opened
   * @return the reader
   * @throws CryptoException with {@code package.malformed}, {@code package.version-unknown} or
   *     {@code package.unreadable}
   */
  public static PackageReader of(PackageSource source) {
    requireNonNull(source, "source");
    try {
      long size = source.size();
      ByteBuffer fixed = read(source, size, 0, FIXED);
      if (fixed.getInt(0) != PackageCipher.MAGIC) {
        throw malformed("the file does not begin like a model package");
      }
      int version = Short.toUnsignedInt(fixed.getShort(4));
      if (version != PackageCipher.VERSION) {
        throw new CryptoException(
            CryptoException.Code.PACKAGE_VERSION_UNKNOWN,
            "the package has format version " + version + ", known is " + PackageCipher.VERSION);
      }
      int headerLength = bounded(fixed.getInt(6), MAX_HEADER);
      ByteBuffer head = read(source, size, FIXED, headerLength + 4);
      PackageHeader header = PackageHeader.decode(head.slice(0, headerLength));
      int manifestLength = bounded(head.getInt(headerLength), MAX_MANIFEST);
      byte[] prefix = new byte[FIXED + headerLength + 4];
      fixed.get(0, prefix, 0, FIXED);
      head.get(0, prefix, FIXED, headerLength + 4);
      byte[] manifest = new byte[manifestLength];
      read(source, size, prefix.length, manifestLength).get(manifest);
      PackageReader reader = new PackageReader(source, header, prefix, manifest);
      if (reader.size() != size) {
        throw malformed("the package is cut or has bytes after its end");
      }
      return reader;
    } catch (WireException malformed) {
      throw CryptoException.modelPackage("the package header", malformed);
    } catch (IOException unreadable) {
      throw unreadable(unreadable);
    }
  }

  /** {@return the clear header, authentic only once the package opened} */
  public PackageHeader header() {
    return header;
  }

  /** {@return the name of exactly this package} */
  public Digest manifestDigest() {
    return manifestDigest;
  }

  /** {@return the size of the package in bytes} */
  public long size() {
    return prefix.length
        + (long) sealedManifest.length
        + header.plaintextSize()
        + (long) header.segmentCount() * CryptoProvider.TAG_LENGTH;
  }

  /**
   * Opens the sealed manifest alone.
   *
   * @param provider the primitives
   * @param key the model key
   * @return the manifest
   * @throws CryptoException with {@code package.tampered} or {@code package.malformed}
   */
  public PackageManifest manifest(CryptoProvider provider, ModelKey key) {
    try (PackageCipher cipher = cipher(provider, key)) {
      return manifest(cipher);
    }
  }

  /**
   * Opens the package.
   *
   * @param provider the primitives
   * @param key the model key
   * @param parallelism how many threads fetch and decrypt, at least 1
   * @return the model, to be closed
   * @throws CryptoException with {@code package.tampered}, {@code package.malformed} or {@code
   *     package.unreadable}
   */
  public OpenedPackage open(CryptoProvider provider, ModelKey key, int parallelism) {
    try (PackageCipher cipher = cipher(provider, key)) {
      PackageManifest manifest = manifest(cipher);
      PlainModel model = new PlainModel((int) header.plaintextSize());
      boolean opened = false;
      try {
        byte[] digests = new byte[header.segmentCount() * Digest.LENGTH];
        SegmentTasks.run(
            header.segmentCount(),
            parallelism,
            (from, to) -> segments(cipher, model.bytes(), digests, from, to));
        if (!Digest.sha256(digests).equals(manifest.contentDigest())) {
          throw new CryptoException(
              CryptoException.Code.PACKAGE_TAMPERED, "the segments are not those of the manifest");
        }
        opened = true;
        return new OpenedPackage(header, manifest, manifestDigest, model);
      } finally {
        if (!opened) {
          model.close();
        }
      }
    }
  }

  private PackageCipher cipher(CryptoProvider provider, ModelKey key) {
    if (!key.id().equals(header.keyId())) {
      throw new CryptoException(
          CryptoException.Code.PACKAGE_TAMPERED, "the package is sealed under another key");
    }
    return new PackageCipher(provider, key, header.salt());
  }

  private PackageManifest manifest(PackageCipher cipher) {
    try {
      return PackageManifest.decode(
          ByteBuffer.wrap(cipher.manifest(Cipher.DECRYPT_MODE, prefix, sealedManifest)));
    } catch (GeneralSecurityException refused) {
      throw new CryptoException(
          CryptoException.Code.PACKAGE_TAMPERED, "the manifest does not open", refused);
    } catch (WireException malformed) {
      throw CryptoException.modelPackage("the manifest", malformed);
    }
  }

  /** Opens the segments from one index to another, the latter not included. */
  private void segments(PackageCipher cipher, ByteBuffer model, byte[] digests, int from, int to) {
    ByteBuffer sealed = ByteBuffer.allocateDirect(PackageCipher.SEALED_SEGMENT);
    MessageDigest digest = Digest.newSha256();
    long base = prefix.length + (long) sealedManifest.length;
    int count = header.segmentCount();
    try {
      for (int index = from; index < to; index++) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CryptoException(
              CryptoException.Code.PACKAGE_UNREADABLE, "reading the package was interrupted");
        }
        int offset = index * PackageHeader.SEGMENT_SIZE;
        int length = Math.min(PackageHeader.SEGMENT_SIZE, model.capacity() - offset);
        sealed.clear().limit(length + CryptoProvider.TAG_LENGTH);
        source.readFully(base + (long) index * PackageCipher.SEALED_SEGMENT, sealed);
        ByteBuffer plain = model.slice(offset, length);
        cipher.segment(
            Cipher.DECRYPT_MODE, manifestDigest, index, index == count - 1, sealed.flip(), plain);
        digest.update(plain.flip());
        System.arraycopy(digest.digest(), 0, digests, index * Digest.LENGTH, Digest.LENGTH);
      }
    } catch (GeneralSecurityException refused) {
      throw new CryptoException(
          CryptoException.Code.PACKAGE_TAMPERED, "a segment of the package does not open", refused);
    } catch (IOException unreadable) {
      throw unreadable(unreadable);
    }
  }

  private static ByteBuffer read(PackageSource source, long size, long offset, int length)
      throws IOException {
    if (offset + length > size) {
      throw malformed("the package is cut");
    }
    ByteBuffer target = ByteBuffer.allocate(length);
    source.readFully(offset, target);
    return target.flip();
  }

  private static int bounded(int length, int max) {
    if (length < 0 || length > max) {
      throw malformed("a length in the package is out of bounds");
    }
    return length;
  }

  private static CryptoException malformed(String message) {
    return new CryptoException(CryptoException.Code.PACKAGE_MALFORMED, message);
  }

  private static CryptoException unreadable(IOException cause) {
    return new CryptoException(
        CryptoException.Code.PACKAGE_UNREADABLE, "the package cannot be read", cause);
  }
}
