package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;

/**
 * The clear header of a model package: what storage and scheduling may know. It is authentic only
 * once the sealed manifest behind it opened.
 *
 * @param model the model
 * @param version its version, from 1
 * @param keyId the model key that seals the package
 * @param salt 32 random bytes that make the key of this package unique
 * @param plaintextSize the size of the model in bytes
 * @param memoryBytes the memory plan: bytes that loading the model takes, by the owner's estimate
 */
public record PackageHeader(
    ModelId model, long version, KeyId keyId, Bytes salt, long plaintextSize, long memoryBytes) {

  /** The number of bytes of the salt. */
  public static final int SALT_LENGTH = 32;

  /** The plaintext bytes of every segment but the last. */
  public static final int SEGMENT_SIZE = 64 * 1024;

  /** The largest model, which fits into one buffer with its tags. */
  public static final long MAX_PLAINTEXT = Integer.MAX_VALUE - 8L;

  /** Checks the fields. */
  public PackageHeader {
    requireNonNull(model, "model");
    requireNonNull(keyId, "keyId");
    if (version < 1
        || salt.length() != SALT_LENGTH
        || plaintextSize < 1
        || plaintextSize > MAX_PLAINTEXT
        || memoryBytes < 0) {
      throw new CryptoException(
          CryptoException.Code.PACKAGE_MALFORMED, "the package header is not in its form");
    }
  }

  /** {@return the number of segments} */
  public int segmentCount() {
    return (int) ((plaintextSize + SEGMENT_SIZE - 1) / SEGMENT_SIZE);
  }

  byte[] encode() {
    return CborMap.versioned()
        .put(1, model.text())
        .put(2, version)
        .put(3, keyId.value())
        .put(4, salt)
        .put(5, SEGMENT_SIZE)
        .put(6, segmentCount())
        .put(7, plaintextSize)
        .put(8, memoryBytes)
        .build()
        .encode();
  }

  static PackageHeader decode(ByteBuffer header) {
    CborReader reader = CborReader.versioned(header);
    ModelId model = reader.parsed(1, ModelId.MAX_TEXT_LENGTH, ModelId::parse);
    long version = reader.integer(2, 1, Long.MAX_VALUE);
    KeyId keyId = new KeyId(reader.byteString(3, KeyId.LENGTH));
    Bytes salt = reader.byteString(4, SALT_LENGTH);
    reader.integer(5, SEGMENT_SIZE, SEGMENT_SIZE);
    int segmentCount = reader.int32(6, 1, Integer.MAX_VALUE);
    long plaintextSize = reader.integer(7, 1, MAX_PLAINTEXT);
    long memoryBytes = reader.integer(8, 0, Long.MAX_VALUE);
    reader.finish();
    PackageHeader result =
        new PackageHeader(model, version, keyId, salt, plaintextSize, memoryBytes);
    if (result.segmentCount() != segmentCount) {
      throw new CryptoException(
          CryptoException.Code.PACKAGE_MALFORMED, "the segment count does not fit the size");
    }
    return result;
  }
}
