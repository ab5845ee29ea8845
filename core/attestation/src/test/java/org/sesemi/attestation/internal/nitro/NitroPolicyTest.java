package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.NitroPayload;
import org.sesemi.vendors.NitroVendor;

/** The claims of a document have the names that a policy asks for. */
final class NitroPolicyTest {

  private static final NitroVendor VENDOR = NitroVendor.create();
  private static final Instant AT = NitroVendor.ISSUED.plusSeconds(120);

  private static List<String> refused(NitroPayload payload) {
    Judgement judgement =
        new NitroVerifier()
            .judge(
                documents("document.cbor", VENDOR.sign(payload)),
                Expectation.at(AT),
                Anchors.of(new Anchors.Set(List.of(VENDOR.root()), List.of(), List.of())));
    return failed(policy().appraise(judgement, AT));
  }

  private static EvidencePolicy policy() {
    String text =
        """
        {"apiVersion": "sesemi/v1", "any-of": [{
          "platform": "nitro",
          "measurements": ["%0"],
          "pcrs": {"3": "%3", "4": "%4", "8": "%8"},
          "module-ids": ["i-0123456789abcdef0-enc0123456789abcdef"],
          "max-age": "PT5M"
        }]}
        """
            .replace("%0", "01".repeat(48))
            .replace("%3", "04".repeat(48))
            .replace("%4", "05".repeat(48))
            .replace("%8", "88".repeat(48));
    return EvidencePolicy.parse(text.getBytes(StandardCharsets.UTF_8), "policy.json");
  }

  private static NitroPayload payload() {
    byte[] signer = new byte[48];
    java.util.Arrays.fill(signer, (byte) 0x88);
    return VENDOR.payload().pcr(8, signer);
  }

  @Test
  void aDocumentThatHasEverythingIsAccepted() {
    assertThat(refused(payload())).isEmpty();
  }

  @Test
  void anotherImageIsRefused() {
    byte[] other = new byte[48];
    other[0] = 1;
    assertThat(refused(payload().pcr(0, other))).contains("policy-measurement");
  }

  @Test
  void registersOfZerosAreRefusedAsDebugging() {
    byte[] zero = new byte[48];
    assertThat(refused(payload().pcr(0, zero).pcr(1, zero).pcr(2, zero))).contains("policy-debug");
  }

  @Test
  void roleInstanceAndSignerAreRegistersOfThePolicy() {
    for (int index : new int[] {3, 4, 8}) {
      assertThat(refused(payload().pcr(index, new byte[48]))).containsExactly("policy-pcrs");
    }
  }

  @Test
  void anotherModuleAndAnOldDocumentAreRefused() {
    assertThat(refused(payload().moduleId("i-other"))).hasSize(1);
    assertThat(refused(payload().timestamp(AT.minusSeconds(121).toEpochMilli())))
        .contains("document-time");
    assertThat(refused(payload().timestamp(NitroVendor.ISSUED.toEpochMilli()))).isEmpty();
  }
}
