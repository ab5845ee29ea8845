package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A version of a model as the key service knows it.
 *
 * @param version its number, from 1 on
 * @param manifestDigest the digest of the sealed package's manifest
 * @param keyId the model key that the package is sealed under
 * @param published when the owner published it
 */
public record ModelVersion(long version, Digest manifestDigest, KeyId keyId, Instant published) {

  static final long MAX = 999_999_999_999_999_999L;

  /** Checks the parts. */
  public ModelVersion {
    check(version);
    requireNonNull(manifestDigest, "manifestDigest");
    requireNonNull(keyId, "keyId");
    published = Instants.toMillis(published);
  }

  static void check(long version) {
    if (version < 1 || version > MAX) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "a model version is a number from 1 on");
    }
  }

  static long read(CborReader reader, int key) {
    return reader.integer(key, 1, MAX);
  }

  CborMap toCbor() {
    return CborMap.builder()
        .put(1, version)
        .put(2, manifestDigest)
        .put(3, keyId.value())
        .put(4, published.toEpochMilli())
        .build();
  }

  static ModelVersion fromCbor(CborReader reader) {
    ModelVersion result =
        new ModelVersion(
            read(reader, 1),
            reader.digest(2),
            OperationCodec.keyId(reader, 3),
            Instants.read(reader, 4));
    reader.finish();
    return result;
  }
}
