package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import javax.crypto.Cipher;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.TensorMetadata;

/**
 * Seals a model into a package that can be stored anywhere.
 *
 * <p>Guarantees: each package has a fresh salt, so its own key; the package tells its model,
 * version, size and memory plan and nothing else; every byte is authenticated in its place. The
 * model is read twice, in pieces of one segment, so its size does not matter for memory.
 *
 * <p>Thread-safe.
 */
public final class PackageWriter {

  private final CryptoProvider provider;
  private final RandomSource random;

  /**
   * Makes a writer.
   *
   * @param provider the primitives
   * @param random the source of salts
   */
  public PackageWriter(CryptoProvider provider, RandomSource random) {
    this.provider = requireNonNull(provider, "provider");
    this.random = requireNonNull(random, "random");
  }

  /**
   * What the owner says of a model.
   *
   * @param model its id
   * @param version its version, from 1
   * @param memoryBytes the memory plan, by the owner's estimate
   * @param format the file format
   * @param inputs the tensors that it takes
   * @param outputs the tensors that it gives
   */
  public record Description(
      ModelId model,
      long version,
      long memoryBytes,
      String format,
      List<TensorMetadata> inputs,
      List<TensorMetadata> outputs) {

    /** Checks that everything is there. */
    public Description {
      requireNonNull(model, "model");
      requireNonNull(format, "format");
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * What was written.
   *
   * @param manifestDigest the name of exactly this package, to be published
   * @param sealedBytes its size
   */
  public record Written(Digest manifestDigest, long sealedBytes) {}

  /**
   * Seals a model.
   *
   * @param key the model key
   * @param description what the owner says of it
   * @param model the plain model
   * @param target where the package goes
   * @return what was written
   * @throws IOException when reading or writing fails; the target is incomplete then
   */
  public Written write(
      ModelKey key, Description description, PackageSource model, WritableByteChannel target)
      throws IOException {
    PackageHeader header =
        new PackageHeader(
            description.model(),
            description.version(),
            key.id(),
            Bytes.random(random, PackageHeader.SALT_LENGTH),
            model.size(),
            description.memoryBytes());
    byte[] manifest =
        new PackageManifest(
                description.format(),
                description.inputs(),
                description.outputs(),
                contentDigest(header, model))
            .encode();
    byte[] prefix =
        PackageCipher.prefix(header.encode(), manifest.length + CryptoProvider.TAG_LENGTH);
    try (PackageCipher cipher = new PackageCipher(provider, key, header.salt())) {
      byte[] sealedManifest = cipher.manifest(Cipher.ENCRYPT_MODE, prefix, manifest);
      Digest manifestDigest = Digest.sha256(prefix, sealedManifest);
      long size = writeFully(target, ByteBuffer.wrap(prefix));
      size += writeFully(target, ByteBuffer.wrap(sealedManifest));
      size += segments(cipher, header, manifestDigest, model, target);
      return new Written(manifestDigest, size);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM cannot encrypt", impossible);
    }
  }

  private static long segments(
      PackageCipher cipher,
      PackageHeader header,
      Digest manifestDigest,
      PackageSource model,
      WritableByteChannel target)
      throws IOException, GeneralSecurityException {
    ByteBuffer plain = ByteBuffer.allocateDirect(PackageHeader.SEGMENT_SIZE);
    ByteBuffer sealed = ByteBuffer.allocateDirect(PackageCipher.SEALED_SEGMENT);
    long size = 0;
    try {
      for (int index = 0; index < header.segmentCount(); index++) {
        readSegment(header, model, index, plain);
        cipher.segment(
            Cipher.ENCRYPT_MODE,
            manifestDigest,
            index,
            index == header.segmentCount() - 1,
            plain,
            sealed.clear());
        size += writeFully(target, sealed.flip());
      }
      return size;
    } finally {
      SealedContent.wipe(plain);
    }
  }

  private static Digest contentDigest(PackageHeader header, PackageSource model)
      throws IOException {
    MessageDigest all = Digest.newSha256();
    ByteBuffer plain = ByteBuffer.allocateDirect(PackageHeader.SEGMENT_SIZE);
    try {
      for (int index = 0; index < header.segmentCount(); index++) {
        readSegment(header, model, index, plain);
        all.update(Digest.sha256(plain).bytes());
      }
      return Digest.of(all.digest());
    } finally {
      SealedContent.wipe(plain);
    }
  }

  private static void readSegment(
      PackageHeader header, PackageSource model, int index, ByteBuffer plain) throws IOException {
    long offset = (long) index * PackageHeader.SEGMENT_SIZE;
    plain
        .clear()
        .limit((int) Math.min(PackageHeader.SEGMENT_SIZE, header.plaintextSize() - offset));
    model.readFully(offset, plain);
    plain.flip();
  }

  private static long writeFully(WritableByteChannel target, ByteBuffer bytes) throws IOException {
    long count = bytes.remaining();
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
    return count;
  }
}
