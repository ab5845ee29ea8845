package org.sesemi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.crypto.Commitment;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.Receipt;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.Json;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.Verdict;
import org.sesemi.wire.VerificationRecord;

class ReceiptCheckTest {

  private static final RandomSource RANDOM = RandomSource.secure();
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final OipBody REQUEST =
      OipBody.json("{\"inputs\":[]}".getBytes(StandardCharsets.UTF_8));
  private static final OipBody RESPONSE =
      OipBody.json("{\"outputs\":[]}".getBytes(StandardCharsets.UTF_8));

  private final IdentityKey ca = IdentityKey.generate(RANDOM);
  private final IdentityKey instance = IdentityKey.generate(RANDOM);
  private final Bytes root = IdentityKey.generate(RANDOM).publicKey().value();
  private final Digest measurement = Digest.sha256(new byte[] {1});
  private final Digest configuration = Digest.sha256(new byte[] {2});
  private final Genesis genesis =
      new Genesis(
          ca.publicKey(),
          NOW.minus(Duration.ofDays(1)),
          Digest.sha256(new byte[] {3}),
          Digest.sha256(new byte[] {4}),
          "simulated",
          root,
          1,
          Bytes.random(RANDOM, 32));
  private final Bytes policy =
      Bytes.of(SimulatedPolicy.of(root, measurement, configuration).encode());

  private ReceiptBundle bundle(IdentityKey certifier, Instant at) {
    Bytes requestSalt = Bytes.random(RANDOM, 32);
    Bytes responseSalt = Bytes.random(RANDOM, 32);
    Receipt receipt =
        new Receipt(
            Digest.sha256(new byte[] {5}),
            Digest.sha256(new byte[] {6}),
            Commitment.to(Commitment.Side.REQUEST, requestSalt, REQUEST),
            Commitment.to(Commitment.Side.RESPONSE, responseSalt, RESPONSE),
            new ModelId(ca.id(), "heart"),
            1,
            Digest.sha256(new byte[] {7}),
            Receipt.ORIGINAL,
            measurement,
            configuration,
            at,
            IsolationLevel.SHARED,
            genesis.clusterId(),
            1,
            instance.id(),
            RequestId.random(RANDOM),
            "ok");
    InstanceCertificate certificate =
        new InstanceCertificate(
            instance.publicKey(),
            measurement,
            configuration,
            genesis.clusterId(),
            1,
            NOW.minusSeconds(60),
            NOW.plusSeconds(60));
    return new ReceiptBundle(
        Bytes.of(genesis.encode()),
        Signed.sign(Signed.Label.RECEIPT, receipt.encode(), instance),
        Signed.sign(Signed.Label.INSTANCE, certificate.encode(), certifier),
        receipt.requestDigest(),
        receipt.responseDigest(),
        receipt.requestCommitment(),
        receipt.responseCommitment(),
        requestSalt,
        responseSalt);
  }

  private VerificationRecord verify(ReceiptBundle bundle) {
    return ReceiptCheck.verify(
        bundle,
        Optional.of(genesis.clusterId()),
        Optional.of(policy),
        Optional.empty(),
        Optional.empty());
  }

  private static String failing(VerificationRecord record) {
    return record.failing().map(Check::name).orElse("none");
  }

  @Test
  void aTrueReceiptPassesEveryStepAndSurvivesItsFile() {
    ReceiptBundle bundle = bundle(ca, NOW);
    ReceiptBundle again = ReceiptBundle.read(Json.parseObject(Json.write(bundle.json())));
    VerificationRecord record =
        ReceiptCheck.verify(
            again,
            Optional.of(genesis.clusterId()),
            Optional.of(policy),
            Optional.of(REQUEST),
            Optional.of(RESPONSE));
    assertThat(record.verdict()).as(failing(record)).isEqualTo(Verdict.ACCEPT);
    assertThat(record.checks()).hasSizeGreaterThan(10);
  }

  @Test
  void eachLieFailsItsOwnStep() {
    assertThat(failing(verify(bundle(instance, NOW)))).isEqualTo("certificate-signature");
    assertThat(failing(verify(bundle(ca, NOW.plusSeconds(61))))).isEqualTo("certificate-validity");
    assertThat(
            failing(
                ReceiptCheck.verify(
                    bundle(ca, NOW),
                    Optional.of(Digest.sha256(new byte[] {9})),
                    Optional.of(policy),
                    Optional.empty(),
                    Optional.empty())))
        .isEqualTo("cluster-id");
    Bytes others =
        Bytes.of(SimulatedPolicy.of(root, Digest.sha256(new byte[] {8}), configuration).encode());
    assertThat(
            failing(
                ReceiptCheck.verify(
                    bundle(ca, NOW),
                    Optional.of(genesis.clusterId()),
                    Optional.of(others),
                    Optional.empty(),
                    Optional.empty())))
        .isEqualTo("accepted-runtime");
    assertThat(
            failing(
                ReceiptCheck.verify(
                    bundle(ca, NOW),
                    Optional.of(genesis.clusterId()),
                    Optional.of(policy),
                    Optional.of(RESPONSE),
                    Optional.empty())))
        .isEqualTo("request-content");
  }

  @Test
  void whatCannotBeComparedIsNotPassed() {
    VerificationRecord record =
        ReceiptCheck.verify(
            bundle(ca, NOW),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(record.verdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void everyChangedCharacterOfTheFileIsRefusedOrFails() {
    ReceiptBundle bundle = bundle(ca, NOW);
    String file = new String(Json.write(bundle.json()), StandardCharsets.UTF_8);
    for (int i = 0; i < file.length(); i++) {
      char changed = file.charAt(i) == 'A' ? 'B' : 'A';
      String lie = file.substring(0, i) + changed + file.substring(i + 1);
      try {
        ReceiptBundle read =
            ReceiptBundle.read(Json.parseObject(lie.getBytes(StandardCharsets.UTF_8)));
        VerificationRecord record =
            ReceiptCheck.verify(
                read,
                Optional.of(genesis.clusterId()),
                Optional.of(policy),
                Optional.of(REQUEST),
                Optional.of(RESPONSE));
        assertThat(record.accepted()).as("position " + i).isFalse();
      } catch (SdkException | org.sesemi.wire.WireException e) {
        assertThat(e.code()).isNotEmpty();
      }
    }
    assertThatThrownBy(
            () -> ReceiptBundle.read(Json.parseObject("{}".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOfSatisfying(
            SdkException.class, e -> assertThat(e.code()).isEqualTo("receipt.malformed"));
  }
}
