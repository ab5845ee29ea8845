package org.sesemi.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.sesemi.crypto.VectorFile.Case;
import org.sesemi.crypto.VectorFile.Refused;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.RequestId;

/** Vectors of everything that is signed: genesis, certificate, receipt, signed payloads. */
final class ReceiptVectors {

  static final InstanceCertificate CERTIFICATE =
      new InstanceCertificate(
          Fixed.INSTANCE.publicKey(),
          Fixed.MEASUREMENT,
          Fixed.CONFIG,
          Fixed.GENESIS.clusterId(),
          1,
          Fixed.NOW.minusSeconds(60),
          Fixed.NOW.plusSeconds(3600));

  /** A receipt whose exchange is not that of the envelope vectors. */
  private static final Receipt RECEIPT =
      new Receipt(
          Digest.sha256(new byte[] {6}),
          Digest.sha256(new byte[] {7}),
          Digest.sha256(new byte[] {8}),
          Digest.sha256(new byte[] {9}),
          Fixed.MODEL,
          Fixed.VERSION,
          Fixed.MANIFEST,
          Receipt.ORIGINAL,
          Fixed.MEASUREMENT,
          Fixed.CONFIG,
          Fixed.NOW,
          IsolationLevel.SEQUENTIAL,
          Fixed.GENESIS.clusterId(),
          1,
          Fixed.USER.id(),
          new RequestId(Fixed.run(0x50, RequestId.LENGTH)),
          ResponseContent.OK);

  private ReceiptVectors() {}

  static List<VectorFile> all() {
    return List.of(genesis(), certificate(), receipt(), signed());
  }

  static VectorFile genesis() {
    Bytes encoded = Bytes.of(Fixed.GENESIS.encode());
    return new VectorFile(
        "genesis",
        "genesis-and-cluster-id",
        List.of(
            new Case(
                "founded on the simulated platform",
                Fixed.none(),
                describe(Fixed.GENESIS),
                JsonObject.builder().put("clusterId", Fixed.GENESIS.clusterId().hex()).build(),
                encoded)),
        versions(encoded, "receipt.version-unknown"),
        (_, bytes) -> describe(Genesis.decode(bytes)));
  }

  static VectorFile certificate() {
    return new VectorFile(
        "instance-certificate",
        "instance-certificate",
        List.of(
            new Case(
                "valid for an hour and a minute",
                JsonObject.builder().put("caKey", Fixed.CLUSTER.publicKey().toString()).build(),
                describe(CERTIFICATE),
                JsonObject.builder()
                    .put("caSeed", Fixed.run(0x40, 32).hex())
                    .put("payload", Bytes.of(CERTIFICATE.encode()).hex())
                    .build(),
                sign(Signed.Label.INSTANCE, CERTIFICATE.encode(), Fixed.CLUSTER))),
        signedRefusals(
            Signed.Label.INSTANCE, CERTIFICATE.encode(), Fixed.CLUSTER, Signed.Label.RECEIPT),
        (given, bytes) ->
            describe(
                InstanceCertificate.decode(
                    Signed.decode(bytes)
                        .verify(
                            Signed.Label.INSTANCE,
                            new IdentityPublicKey(VectorFile.hex(given, "caKey"))))));
  }

  static VectorFile receipt() {
    return new VectorFile(
        "receipt",
        "receipt",
        List.of(
            new Case(
                "of an answered request",
                JsonObject.builder()
                    .put("instanceKey", Fixed.INSTANCE.publicKey().toString())
                    .build(),
                describe(RECEIPT),
                JsonObject.builder()
                    .put("instanceSeed", Fixed.run(0x60, 32).hex())
                    .put("payload", Bytes.of(RECEIPT.encode()).hex())
                    .build(),
                sign(Signed.Label.RECEIPT, RECEIPT.encode(), Fixed.INSTANCE))),
        signedRefusals(
            Signed.Label.RECEIPT, RECEIPT.encode(), Fixed.INSTANCE, Signed.Label.INSTANCE),
        (given, bytes) ->
            describe(
                Receipt.decode(
                    Signed.decode(bytes)
                        .verify(
                            Signed.Label.RECEIPT,
                            new IdentityPublicKey(VectorFile.hex(given, "instanceKey"))))));
  }

  /** The same payload under each label: no two signatures are equal. */
  private static VectorFile signed() {
    byte[] payload = Bytes.parse("a20001016568656c6c6f").toArray();
    List<Case> cases = new ArrayList<>();
    for (Signed.Label label : Signed.Label.values()) {
      cases.add(
          new Case(
              label.text(),
              JsonObject.builder()
                  .put("label", label.text())
                  .put("signer", Fixed.USER.publicKey().toString())
                  .build(),
              JsonObject.builder().put("payload", Bytes.of(payload).hex()).build(),
              JsonObject.builder().put("signerSeed", Fixed.run(0x20, 32).hex()).build(),
              sign(label, payload, Fixed.USER)));
    }
    Bytes first = cases.getFirst().encoded();
    List<Refused> refused = new ArrayList<>(versions(first, "version.unknown"));
    refused.add(new Refused("signed under another label", cases.get(1).encoded(), INVALID));
    return new VectorFile(
        "signed",
        "signed-payloads",
        cases,
        refused,
        (given, bytes) -> {
          String text = given.text("label");
          Signed.Label label =
              List.of(Signed.Label.values()).stream()
                  .filter(one -> one.text().equals(text))
                  .findFirst()
                  .orElseThrow();
          IdentityPublicKey signer = new IdentityPublicKey(VectorFile.hex(given, "signer"));
          byte[] found = Signed.decode(bytes).verify(label, signer);
          return JsonObject.builder().put("payload", Bytes.of(found).hex()).build();
        });
  }

  private static final String INVALID = "signature.invalid";

  /** Unknown versions of a message whose first field is its version, and that field left out. */
  static List<Refused> versions(Bytes encoded, String code) {
    return List.of(
        new Refused("format version 0", Fixed.with(encoded, 2, 0), code),
        new Refused("format version 2", Fixed.with(encoded, 2, 2), code));
  }

  private static List<Refused> signedRefusals(
      Signed.Label label, byte[] payload, IdentityKey key, Signed.Label other) {
    Function<Integer, Bytes> version =
        value -> sign(label, Fixed.with(Bytes.of(payload), 2, value).toArray(), key);
    Bytes good = sign(label, payload, key);
    return List.of(
        new Refused(
            "signed payload of format version 2", version.apply(2), "receipt.version-unknown"),
        new Refused(
            "signed payload of format version 0", version.apply(0), "receipt.version-unknown"),
        new Refused("outer format version 2", Fixed.with(good, 2, 2), "version.unknown"),
        new Refused("signed under another label", sign(other, payload, key), INVALID),
        new Refused("signed by another key", sign(label, payload, Fixed.OWNER), INVALID));
  }

  static Bytes sign(Signed.Label label, byte[] payload, IdentityKey key) {
    return Bytes.of(Signed.sign(label, payload, key).encode());
  }

  static JsonObject describe(Genesis genesis) {
    return JsonObject.builder()
        .put("caKey", genesis.caKey().toString())
        .put("created", genesis.created().toEpochMilli())
        .put("measurement", genesis.measurement().hex())
        .put("configDigest", genesis.configDigest().hex())
        .put("platform", genesis.platform())
        .put("platformRoot", genesis.platformRoot().hex())
        .put("epoch", genesis.epoch())
        .put("random", genesis.random().hex())
        .build();
  }

  private static JsonObject describe(InstanceCertificate certificate) {
    return JsonObject.builder()
        .put("instanceKey", certificate.instanceKey().toString())
        .put("measurement", certificate.measurement().hex())
        .put("configDigest", certificate.configDigest().hex())
        .put("clusterId", certificate.clusterId().hex())
        .put("epoch", certificate.epoch())
        .put("notBefore", certificate.notBefore().toEpochMilli())
        .put("notAfter", certificate.notAfter().toEpochMilli())
        .build();
  }

  static JsonObject describe(Receipt receipt) {
    return JsonObject.builder()
        .put("requestDigest", receipt.requestDigest().hex())
        .put("responseDigest", receipt.responseDigest().hex())
        .put("requestCommitment", receipt.requestCommitment().hex())
        .put("responseCommitment", receipt.responseCommitment().hex())
        .put("model", receipt.model().text())
        .put("modelVersion", receipt.modelVersion())
        .put("manifestDigest", receipt.manifestDigest().hex())
        .put("form", receipt.form())
        .put("measurement", receipt.measurement().hex())
        .put("configDigest", receipt.configDigest().hex())
        .put("time", receipt.time().toEpochMilli())
        .put("isolation", receipt.isolation().text())
        .put("clusterId", receipt.clusterId().hex())
        .put("epoch", receipt.epoch())
        .put("user", receipt.user().toString())
        .put("requestId", receipt.requestId().hex())
        .put("outcome", receipt.outcome())
        .build();
  }
}
