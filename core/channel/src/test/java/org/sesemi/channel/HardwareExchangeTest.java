package org.sesemi.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.HardwarePolicy;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.channel.ExchangeMessage.Outcome;
import org.sesemi.channel.ExchangeMessage.ServerProof;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.SnpEndorsement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.vendors.SnpReportSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Frames;

/**
 * The first exchange with a server on SEV-SNP, under a test vendor: good evidence passes; evidence
 * that was relayed, replayed, spliced or stripped does not, not even when what the proof says about
 * itself is right.
 */
class HardwareExchangeTest {

  private static final SnpVendor VENDOR = SnpVendor.of("Milan");
  private static final KeyPair CHIP = Authority.ecKeys("secp384r1");
  private static final SnpLevels LEVELS = new SnpLevels(1, 4, 0, 24, 217);
  private static final byte[] CHIP_ID = filled(64, 0x5a);

  private static final byte[] EXPORTER = World.digest("this connection").bytes();
  private static final byte[] OTHER_EXPORTER = World.digest("another connection").bytes();
  private static final byte[] NONCE = World.digest("nonce").bytes();
  private static final byte[] OTHER_NONCE = World.digest("other nonce").bytes();

  private static final byte[] NONCE64 = filled(Claims.REPORT_DATA_LENGTH, 7);

  private final World world = new World();
  private final IdentityPublicKey serverKey = world.serviceKey.publicKey();
  private final IdentityPublicKey otherKey = world.functionKey.publicKey();

  @Test
  void goodEvidenceIsAcceptedAndItsClaimsAreThose() throws IOException {
    FirstExchange.Server server = connect(genuine().encode(), policy("22", ""));
    assertThat(server.claims().platform()).isEqualTo(PlatformKind.SNP);
    assertThat(server.claims().configDigest().bytes()).isEqualTo(filled(32, 0x33));
    assertThat(server.claims().debug()).isFalse();
    assertThat(server.claims().hardware()).isPresent();
    assertThat(server.record().accepted()).isTrue();
  }

  @Test
  void evidenceOfAnotherConnectionIsRefusedWhateverTheProofSays() {
    assertThat(refused(proof(OTHER_EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS)))
        .isEqualTo("attestation.report-data-mismatch");
    assertThat(refused(proof(EXPORTER, otherKey, NONCE, World.SERVICE_CLAIMS)))
        .isEqualTo("attestation.report-data-mismatch");
    assertThat(
            refused(
                with(
                    genuine(),
                    evidence(OTHER_EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS),
                    binding(OTHER_EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS))))
        .isEqualTo("channel.evidence-relayed");
  }

  @Test
  void evidenceForAnotherNonceIsRefusedWhateverTheProofSays() {
    assertThat(refused(proof(EXPORTER, serverKey, OTHER_NONCE, World.SERVICE_CLAIMS)))
        .isEqualTo("attestation.report-data-mismatch");
    assertThat(
            refused(
                with(
                    genuine(),
                    evidence(EXPORTER, serverKey, OTHER_NONCE, World.SERVICE_CLAIMS),
                    binding(EXPORTER, serverKey, OTHER_NONCE, World.SERVICE_CLAIMS))))
        .isEqualTo("channel.evidence-replayed");
  }

  @Test
  void evidenceWithOtherClaimsIsRefusedWhateverTheProofSays() {
    assertThat(refused(proof(EXPORTER, serverKey, NONCE, World.FUNCTION_CLAIMS)))
        .isEqualTo("attestation.report-data-mismatch");
    assertThat(
            refused(
                with(
                    genuine(),
                    evidence(EXPORTER, serverKey, NONCE, World.FUNCTION_CLAIMS),
                    binding(EXPORTER, serverKey, NONCE, World.FUNCTION_CLAIMS))))
        .isEqualTo("channel.evidence-spliced");
  }

  @Test
  void evidenceThatIsNotThereOrHalfThereIsRefused() {
    byte[] stripped =
        CborMap.versioned()
            .put(1, Bytes.of(OTHER_NONCE))
            .put(3, World.SERVICE_CLAIMS)
            .build()
            .encode();
    assertThat(refused(stripped)).isEqualTo("channel.evidence-missing");
    Documents whole = documents(reportData(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS));
    assertThat(refused(withDocuments(whole.without("vcek.der")))).startsWith("attestation.");
    assertThat(refused(withDocuments(whole.without("report.bin")))).startsWith("attestation.");
    assertThat(
            refused(
                with(
                    genuine(),
                    Bytes.of(world.launch(World.SERVICE).attest(NONCE64).encode()),
                    binding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS))))
        .isEqualTo("attestation.platform-mismatch");
  }

  @Test
  void aReportOfOneConnectionWithTheKeyOfAnotherChipIsRefused() {
    byte[] reportData = reportData(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS);
    KeyPair other = Authority.ecKeys("secp384r1");
    Documents spliced = documents(reportData).with("vcek.der", Bytes.of(vcek(other)));
    assertThat(refused(withDocuments(spliced))).isEqualTo("attestation.signature-invalid");
  }

  @Test
  void aMachineThatThePolicyDoesNotAcceptIsRefusedWithItsReason() {
    assertThat(refused(genuine().encode(), policy("23", "")))
        .isEqualTo("attestation.measurement-not-allowed");
    assertThat(refused(genuine().encode(), policy("22", ",\"vmpl\":3")))
        .isEqualTo("attestation.policy-refused");
    assertThat(
            refused(genuine().encode(), policy("22", ",\"host-data\":\"" + "00".repeat(32) + "\"")))
        .isEqualTo("attestation.config-not-allowed");
    EvidencePolicy demands = policy("22", "").policy();
    assertThat(refused(genuine().encode(), HardwarePolicy.of(demands)))
        .isEqualTo("attestation.chain-invalid");
  }

  private ServerProof genuine() {
    return new ServerProof(
        Bytes.of(OTHER_NONCE),
        evidence(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS),
        World.SERVICE_CLAIMS,
        binding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS));
  }

  /** A proof with evidence for something else that says of itself that all is well. */
  private byte[] proof(byte[] exporter, IdentityPublicKey key, byte[] nonce, Bytes claims) {
    return with(
        genuine(),
        evidence(exporter, key, nonce, claims),
        binding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS));
  }

  private byte[] withDocuments(Documents documents) {
    return with(
        genuine(),
        Bytes.of(new Evidence(PlatformKind.SNP, Bytes.of(documents.encode())).encode()),
        binding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS));
  }

  private static byte[] with(ServerProof proof, Bytes evidence, Binding binding) {
    return new ServerProof(proof.nonce(), evidence, proof.claims(), binding).encode();
  }

  private Binding binding(byte[] exporter, IdentityPublicKey key, byte[] nonce, Bytes claims) {
    return Binding.of(Bytes.of(nonce), world.partyKey.publicKey(), key, exporter, claims.toArray());
  }

  private Bytes evidence(byte[] exporter, IdentityPublicKey key, byte[] nonce, Bytes claims) {
    Documents documents = documents(reportData(exporter, key, nonce, claims));
    return Bytes.of(new Evidence(PlatformKind.SNP, Bytes.of(documents.encode())).encode());
  }

  private byte[] reportData(byte[] exporter, IdentityPublicKey key, byte[] nonce, Bytes claims) {
    return ReportData.of(
        ReportData.Producer.SERVER,
        nonce,
        world.partyKey.publicKey(),
        key,
        exporter,
        claims.toArray());
  }

  private static Documents documents(byte[] reportData) {
    byte[] report =
        SnpReportSpec.of("Milan", 3)
            .signingKey(0)
            .chipId(CHIP_ID)
            .reportData(reportData)
            .sign(CHIP.getPrivate());
    return new Documents(Map.of("report.bin", Bytes.of(report), "vcek.der", Bytes.of(vcek(CHIP))));
  }

  private static byte[] vcek(KeyPair keys) {
    return Authority.der(
        VENDOR
            .ask()
            .issue(SnpEndorsement.vcek("Milan", LEVELS, CHIP_ID).certificate(keys.getPublic())));
  }

  private static HardwarePolicy policy(String measured, String members) {
    EvidencePolicy demands =
        EvidencePolicy.parse(
            ("{\"apiVersion\":\"sesemi/v1\",\"any-of\":[{\"platform\":\"snp\",\"measurements\":\""
                    + measured.repeat(48)
                    + "\""
                    + members
                    + "}]}")
                .getBytes(StandardCharsets.UTF_8),
            "policy");
    return HardwarePolicy.of(
        demands,
        Anchors.of(
            new Anchors.Set(
                List.of(VENDOR.ark().certificate()),
                List.of(VENDOR.ask().certificate(), VENDOR.asvk().certificate()),
                List.of())));
  }

  private String refused(byte[] proof) {
    return refused(proof, policy("22", ""));
  }

  private String refused(byte[] proof, HardwarePolicy policy) {
    try {
      return "accepted " + connect(proof, policy);
    } catch (CodedException e) {
      return e.code();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A client, whose nonce is known, hears the proof and then that it is accepted itself. */
  private FirstExchange.Server connect(byte[] proof, HardwarePolicy policy) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    Frames.write(heard, proof);
    Frames.write(heard, Outcome.ACCEPTED.encode());
    return new FirstExchange(
            world.partyKey.publicKey(),
            serverKey,
            EXPORTER,
            new ByteArrayInputStream(heard.toByteArray()),
            new ByteArrayOutputStream(),
            new ChannelOptions(
                World.OPTIONS.clock(),
                target -> System.arraycopy(NONCE, 0, target, 0, target.length),
                HttpLimits.DEFAULT))
        .asClient(world.party(), ServerPolicy.of(policy, ClaimsCheck.NONE));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
