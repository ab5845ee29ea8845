package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.Digest;
import org.sesemi.wire.TensorMetadata;

/**
 * The sealed manifest of a model package: what only the holders of the model key may know.
 *
 * @param format the file format, {@code onnx}
 * @param inputs the tensors that the model takes
 * @param outputs the tensors that it gives
 * @param contentDigest SHA-256 over the SHA-256 digests of all plaintext segments in order
 */
public record PackageManifest(
    String format,
    List<TensorMetadata> inputs,
    List<TensorMetadata> outputs,
    Digest contentDigest) {

  /** The format of ONNX models. */
  public static final String ONNX = "onnx";

  private static final int MAX_TENSORS = 256;
  private static final int MAX_NAME = 256;
  private static final int MAX_RANK = 16;

  /** Checks the fields. */
  public PackageManifest {
    requireNonNull(contentDigest, "contentDigest");
    requireNonNull(format, "format");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  byte[] encode() {
    return CborMap.versioned()
        .put(1, format)
        .putMaps(2, inputs.stream().map(PackageManifest::encode).toList())
        .putMaps(3, outputs.stream().map(PackageManifest::encode).toList())
        .put(4, contentDigest)
        .build()
        .encode();
  }

  static PackageManifest decode(ByteBuffer encoded) {
    CborReader reader = CborReader.versioned(encoded);
    PackageManifest result =
        new PackageManifest(
            reader.text(1, MAX_NAME),
            reader.maps(2, MAX_TENSORS).stream().map(PackageManifest::tensor).toList(),
            reader.maps(3, MAX_TENSORS).stream().map(PackageManifest::tensor).toList(),
            reader.digest(4));
    reader.finish();
    return result;
  }

  private static CborMap encode(TensorMetadata tensor) {
    return CborMap.builder()
        .put(1, tensor.name())
        .put(2, tensor.datatype().name())
        .putIntegers(3, tensor.shape().stream().mapToLong(Long::longValue).toArray())
        .build();
  }

  private static Datatype datatype(String name) {
    return Datatype.parse(name)
        .orElseThrow(
            () ->
                new CryptoException(
                    CryptoException.Code.PACKAGE_MALFORMED, "the manifest has unknown datatypes"));
  }

  private static TensorMetadata tensor(CborReader reader) {
    TensorMetadata result =
        new TensorMetadata(
            reader.text(1, MAX_NAME),
            reader.parsed(2, MAX_NAME, PackageManifest::datatype),
            Arrays.stream(reader.integers(3, MAX_RANK, -1, Integer.MAX_VALUE)).boxed().toList());
    reader.finish();
    return result;
  }
}
