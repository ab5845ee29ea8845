package org.sesemi.crypto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Cipher;
import org.sesemi.crypto.VectorFile.Case;
import org.sesemi.crypto.VectorFile.Refused;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.TensorMetadata;

/** Vectors of sealed model packages: a small one in full, a bigger one by its digests. */
final class PackageVectors {

  private static final Bytes SALT = Fixed.run(0x33, PackageHeader.SALT_LENGTH);
  private static final PackageWriter.Description DESCRIPTION =
      new PackageWriter.Description(
          Fixed.MODEL,
          Fixed.VERSION,
          1_000_000,
          PackageManifest.ONNX,
          List.of(new TensorMetadata("X", Datatype.FP32, List.of(-1L, 30L))),
          List.of(
              new TensorMetadata("label", Datatype.INT64, List.of(-1L)),
              new TensorMetadata("probabilities", Datatype.FP32, List.of(-1L, 2L))));

  private PackageVectors() {}

  static List<VectorFile> all() {
    return List.of(small(), segments());
  }

  private static Bytes seal(Bytes model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new PackageWriter(CryptoProvider.jdk(), Fixed.script(SALT))
          .write(
              Fixed.MODEL_KEY,
              DESCRIPTION,
              PackageSource.ofBytes(model.toBuffer()),
              Channels.newChannel(out));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Bytes.of(out.toByteArray());
  }

  private static JsonObject given() {
    return JsonObject.builder()
        .put("modelKeyId", Fixed.MODEL_KEY.id().hex())
        .put("modelKey", Fixed.secret(Fixed.MODEL_KEY.secret()))
        .build();
  }

  private static ModelKey key(JsonFields given) {
    return ModelKey.of(
        new KeyId(VectorFile.hex(given, "modelKeyId")),
        SecretBytes.takeOver(VectorFile.hex(given, "modelKey").toArray()));
  }

  private static VectorFile small() {
    Bytes sealed = seal(Fixed.run(0, 100));
    int headerVersion = 4 + 2 + 4 + 2;
    return new VectorFile(
        "model-package",
        "model-package",
        List.of(
            new Case(
                "a model of 100 bytes",
                given(),
                describe(JsonFields.of(given()), sealed.toArray()),
                derived(sealed),
                sealed)),
        List.of(
            new Refused("outer format version 2", Fixed.with(sealed, 5, 2), VERSION),
            new Refused("header format version 2", Fixed.with(sealed, headerVersion, 2), VERSION),
            new Refused("manifest format version 2", withManifestVersion(sealed, 2), VERSION),
            new Refused("one byte more", Bytes.parse(sealed.hex() + "00"), MALFORMED),
            new Refused(
                "last byte flipped",
                Fixed.with(sealed, sealed.length() - 1, ~sealed.toArray()[sealed.length() - 1]),
                "package.tampered")),
        PackageVectors::describe);
  }

  private static final String VERSION = "package.version-unknown";
  private static final String MALFORMED = "package.malformed";

  private static JsonObject derived(Bytes sealed) {
    byte[] prefix = prefix(sealed);
    return JsonObject.builder()
        .put(
            "key",
            Bytes.of(
                    CryptoProvider.hkdf(
                        Fixed.MODEL_KEY.secret(),
                        SALT.toArray(),
                        "sesemi/v1/package".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        CryptoProvider.KEY_LENGTH))
                .hex())
        .put("prefix", Bytes.of(prefix).hex())
        .put("manifest", Bytes.of(manifest(sealed)).hex())
        .put("manifestNonce", "ff".repeat(12))
        .put("firstSegmentNonce", "00".repeat(12))
        .build();
  }

  /** Everything before the sealed manifest. */
  private static byte[] prefix(Bytes sealed) {
    ByteBuffer all = sealed.toBuffer();
    byte[] prefix = new byte[4 + 2 + 4 + all.getInt(6) + 4];
    all.get(prefix);
    return prefix;
  }

  private static byte[] manifest(Bytes sealed) {
    byte[] prefix = prefix(sealed);
    byte[] manifest = new byte[ByteBuffer.wrap(prefix).getInt(prefix.length - 4)];
    sealed.toBuffer().get(prefix.length, manifest);
    try (PackageCipher cipher = new PackageCipher(CryptoProvider.jdk(), Fixed.MODEL_KEY, SALT)) {
      return cipher.manifest(Cipher.DECRYPT_MODE, prefix, manifest);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Bytes withManifestVersion(Bytes sealed, int version) {
    byte[] prefix = prefix(sealed);
    byte[] manifest = Fixed.with(Bytes.of(manifest(sealed)), 2, version).toArray();
    byte[] result = sealed.toArray();
    try (PackageCipher cipher = new PackageCipher(CryptoProvider.jdk(), Fixed.MODEL_KEY, SALT)) {
      byte[] resealed = cipher.manifest(Cipher.ENCRYPT_MODE, prefix, manifest);
      System.arraycopy(resealed, 0, result, prefix.length, resealed.length);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
    return Bytes.of(result);
  }

  private static JsonObject describe(JsonFields given, byte[] encoded) {
    PackageReader reader = PackageReader.of(PackageSource.ofBytes(ByteBuffer.wrap(encoded)));
    try (OpenedPackage opened = reader.open(CryptoProvider.jdk(), key(given), 1)) {
      PackageHeader header = opened.header();
      PackageManifest manifest = opened.manifest();
      return JsonObject.builder()
          .put("model", header.model().text())
          .put("modelVersion", header.version())
          .put("keyId", header.keyId().hex())
          .put("salt", header.salt().hex())
          .put("segmentSize", PackageHeader.SEGMENT_SIZE)
          .put("segmentCount", header.segmentCount())
          .put("plaintextSize", header.plaintextSize())
          .put("memoryBytes", header.memoryBytes())
          .put("format", manifest.format())
          .put("inputs", tensors(manifest.inputs()))
          .put("outputs", tensors(manifest.outputs()))
          .put("contentDigest", manifest.contentDigest().hex())
          .put("manifestDigest", reader.manifestDigest().hex())
          .put("plaintext", Fixed.bytes(opened.model()).hex())
          .build();
    }
  }

  private static List<JsonObject> tensors(List<TensorMetadata> tensors) {
    return tensors.stream()
        .map(
            tensor ->
                JsonObject.builder()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype().name())
                    .put(
                        "shape",
                        new JsonArray(
                            tensor.shape().stream()
                                .<org.sesemi.wire.JsonValue>map(JsonNumber::of)
                                .toList()))
                    .build())
        .toList();
  }

  /**
   * Three segments whose plaintext counts up modulo 251; the encoded bytes are the last segment.
   */
  private static VectorFile segments() {
    int size = 2 * PackageHeader.SEGMENT_SIZE + 20;
    byte[] model = new byte[size];
    for (int i = 0; i < size; i++) {
      model[i] = (byte) (i % 251);
    }
    Bytes sealed = seal(Bytes.of(model));
    Digest manifestDigest =
        PackageReader.of(PackageSource.ofBytes(sealed.toBuffer())).manifestDigest();
    JsonObject given =
        JsonObject.builder()
            .put("modelKeyId", Fixed.MODEL_KEY.id().hex())
            .put("modelKey", Fixed.secret(Fixed.MODEL_KEY.secret()))
            .put("salt", SALT.hex())
            .put("manifestDigest", manifestDigest.hex())
            .put("segment", 2)
            .build();
    Bytes last = Bytes.of(sealed.toBuffer().slice(sealed.length() - 36, 36));
    return new VectorFile(
        "model-package-segments",
        "model-package",
        List.of(
            new Case(
                "the last of three segments of a model whose byte i is i modulo 251",
                given,
                describeLast(JsonFields.of(given), last.toArray()),
                JsonObject.builder()
                    .put("plaintextSize", size)
                    .put("packageSize", sealed.length())
                    .put("packageDigest", Digest.sha256(sealed.toArray()).hex())
                    .put("nonce", "000000000000000000000002")
                    .put("associatedData", manifestDigest.hex() + "0000000000000002" + "01")
                    .build(),
                last)),
        List.of(),
        PackageVectors::describeLast);
  }

  private static JsonObject describeLast(JsonFields given, byte[] segment) {
    ByteBuffer plain = ByteBuffer.allocate(segment.length - CryptoProvider.TAG_LENGTH);
    try (PackageCipher cipher =
        new PackageCipher(CryptoProvider.jdk(), key(given), VectorFile.hex(given, "salt"))) {
      cipher.segment(
          Cipher.DECRYPT_MODE,
          Digest.parse(given.text("manifestDigest")),
          given.integer("segment", 0, 2),
          true,
          ByteBuffer.wrap(segment),
          plain);
    } catch (GeneralSecurityException refused) {
      throw new IllegalStateException(refused);
    }
    return JsonObject.builder().put("plaintext", Fixed.bytes(plain.flip()).hex()).build();
  }
}
