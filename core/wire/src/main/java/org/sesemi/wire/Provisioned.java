package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the key service releases to a function runtime that both owner and user allow. Closing it
 * wipes all keys.
 *
 * @param modelKeys the keys of all versions allowed, each once
 * @param requestKey the user's request key
 * @param allowed the versions that may be served now, newest first, at least one
 * @param isolation the stricter of what owner and user demand
 * @param lease how long and how often the keys may be used
 * @param instanceCertificate the signed certificate of the runtime's receipt key
 * @param epoch the epoch of the key service
 */
public record Provisioned(
    List<ReleasedKey> modelKeys,
    SecretField requestKey,
    List<AllowedVersion> allowed,
    IsolationLevel isolation,
    Lease lease,
    Bytes instanceCertificate,
    long epoch)
    implements AutoCloseable {

  /** The most versions in one answer, the newest ones. */
  public static final int MAX_VERSIONS = 64;

  private static final int MAX_CERTIFICATE_LENGTH = 4096;

  /** Checks that each version allowed has its key. */
  public Provisioned {
    modelKeys = List.copyOf(modelKeys);
    allowed = List.copyOf(allowed);
    requireNonNull(requestKey, "requestKey");
    requireNonNull(isolation, "isolation");
    requireNonNull(lease, "lease");
    Set<KeyId> ids = new HashSet<>();
    boolean unique = modelKeys.stream().allMatch(key -> ids.add(key.id()));
    if (!unique
        || allowed.isEmpty()
        || epoch < 1
        || !allowed.stream().allMatch(version -> ids.contains(version.modelKeyId()))) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "the versions and the keys do not fit together");
    }
  }

  /**
   * A version that may be served now.
   *
   * @param version its number
   * @param manifestDigest the digest that its package must have
   * @param modelKeyId the key that its package is sealed under
   */
  public record AllowedVersion(long version, Digest manifestDigest, KeyId modelKeyId) {
    /** Checks the parts. */
    public AllowedVersion {
      ModelVersion.check(version);
      requireNonNull(manifestDigest, "manifestDigest");
      requireNonNull(modelKeyId, "modelKeyId");
    }
  }

  /**
   * A model key.
   *
   * @param id its name
   * @param key the key
   */
  public record ReleasedKey(KeyId id, SecretField key) {
    /** Checks the parts. */
    public ReleasedKey {
      requireNonNull(id, "id");
      requireNonNull(key, "key");
    }
  }

  /** {@return the name of the key of the newest version allowed} */
  public KeyId modelKeyId() {
    return allowed.getFirst().modelKeyId();
  }

  /** {@return the key of the newest version allowed} */
  public SecretField modelKey() {
    return modelKey(modelKeyId());
  }

  /**
   * {@return a model key}
   *
   * @param id its name, as one of the versions allowed names it
   */
  public SecretField modelKey(KeyId id) {
    for (ReleasedKey released : modelKeys) {
      if (released.id().equals(id)) {
        return released.key();
      }
    }
    throw new IllegalArgumentException("no version that is allowed names this key");
  }

  /** {@return the encoding, which holds keys} */
  public byte[] encode() {
    List<byte[]> exposed = new ArrayList<>();
    try {
      return encode(exposed);
    } finally {
      exposed.forEach(copy -> Arrays.fill(copy, (byte) 0));
    }
  }

  private byte[] encode(List<byte[]> exposed) {
    return CborMap.versioned()
        .putMaps(
            1,
            modelKeys.stream()
                .map(
                    released ->
                        CborMap.builder()
                            .put(1, released.id().value())
                            .put(2, OperationCodec.expose(released.key(), exposed))
                            .build())
                .toList())
        .put(2, OperationCodec.expose(requestKey, exposed))
        .putMaps(
            3,
            allowed.stream()
                .map(
                    version ->
                        CborMap.builder()
                            .put(1, version.version())
                            .put(2, version.manifestDigest())
                            .put(3, version.modelKeyId().value())
                            .build())
                .toList())
        .put(4, isolation.text())
        .put(5, lease.toCbor())
        .put(6, instanceCertificate)
        .put(7, epoch)
        .build()
        .encode();
  }

  /**
   * Reads a message.
   *
   * @param bytes the encoding, which the caller wipes
   * @return what was read
   */
  public static Provisioned decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    Provisioned provisioned =
        new Provisioned(
            reader.maps(1, MAX_VERSIONS).stream().map(Provisioned::releasedKey).toList(),
            OperationCodec.secret(reader, 2),
            reader.maps(3, MAX_VERSIONS).stream().map(Provisioned::allowedVersion).toList(),
            reader.parsed(4, 16, IsolationLevel::parse),
            Lease.fromCbor(reader.map(5)),
            Bytes.of(reader.slice(6, 1, MAX_CERTIFICATE_LENGTH)),
            reader.integer(7, 1, Long.MAX_VALUE));
    reader.finish();
    return provisioned;
  }

  private static ReleasedKey releasedKey(CborReader reader) {
    ReleasedKey key =
        new ReleasedKey(OperationCodec.keyId(reader, 1), OperationCodec.secret(reader, 2));
    reader.finish();
    return key;
  }

  private static AllowedVersion allowedVersion(CborReader reader) {
    AllowedVersion version =
        new AllowedVersion(
            ModelVersion.read(reader, 1), reader.digest(2), OperationCodec.keyId(reader, 3));
    reader.finish();
    return version;
  }

  /** Wipes all keys. */
  @Override
  public void close() {
    requestKey.close();
    modelKeys.forEach(released -> released.key().close());
  }
}
