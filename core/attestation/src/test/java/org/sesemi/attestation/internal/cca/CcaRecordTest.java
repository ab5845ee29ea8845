package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cca.CcaCase.AT;
import static org.sesemi.attestation.internal.cca.CcaCase.accept;
import static org.sesemi.attestation.internal.cca.CcaCase.anchors;
import static org.sesemi.attestation.internal.cca.CcaCase.judge;
import static org.sesemi.attestation.internal.cca.CcaCase.pem;
import static org.sesemi.attestation.internal.cca.CcaCase.reject;
import static org.sesemi.attestation.internal.cca.CcaCase.vendor;
import static org.sesemi.attestation.internal.cca.CcaCase.with;
import static org.sesemi.attestation.internal.cose.Judgements.check;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.wire.CheckOutcome;

/** What the record says to people, and the borders of what is read. */
final class CcaRecordTest {

  @Test
  void aGoodTokenIsDescribed() {
    Judgement judgement = judge(vendor());
    assertThat(check(judgement, CcaStep.ALGORITHM).got()).isEqualTo("ES384");
    assertThat(check(judgement, CcaStep.REALM_FIELDS).got()).isEqualTo("5 measurements");
    assertThat(check(judgement, CcaStep.REALM_SIGNATURE).got()).isEqualTo("by the realm's key");
    assertThat(check(judgement, CcaStep.PLATFORM_SIGNATURE).got())
        .isEqualTo("by the platform's key");
    assertThat(check(judgement, CcaStep.PLATFORM_KEY).got()).isEqualTo("one of the anchors");
  }

  @Test
  void whatIsMissingIsNamed() {
    Judgement nothing =
        new CcaVerifier()
            .judge(documents("other", new byte[1]), Expectation.at(AT), Anchors.pinned());
    assertThat(check(nothing, CcaStep.TOKEN_FORMAT).reason()).contains("no token.cbor");
    CcaVendor vendor = vendor();
    Judgement stranger =
        new CcaVerifier()
            .judge(
                with(vendor.encode(), vendor.platformKey()), Expectation.at(AT), Anchors.pinned());
    assertThat(check(stranger, CcaStep.PLATFORM_KEY).reason()).contains("no anchor is the key");
    Judgement keyless =
        new CcaVerifier()
            .judge(documents("token.cbor", vendor.encode()), Expectation.at(AT), Anchors.pinned());
    assertThat(check(keyless, CcaStep.PLATFORM_KEY).reason())
        .contains("no platform_key.pem was supplied");
    assertThat(new CcaVerifier().recognises(documents("other", new byte[1]))).isFalse();
  }

  @Test
  void aKeyThatCannotBeReadIsAFailure() {
    CcaVendor vendor = vendor();
    Documents documents =
        with(vendor.encode(), vendor.platformKey()).with("platform_key.pem", pem("x"));
    Judgement judgement =
        new CcaVerifier().judge(documents, Expectation.at(AT), anchors(vendor.platformKey()));
    assertThat(check(judgement, CcaStep.PLATFORM_KEY).outcome()).isEqualTo(CheckOutcome.FAILED);
  }

  @Test
  void unsignedHeaderFieldsOfBothPartsAddUp() {
    byte[] header = new CborOut().map(1).integer(4).bytes(new byte[1]).toBytes();
    Judgement judgement =
        judge(
            vendor()
                .platformMessage(m -> m.unprotectedHeader(header))
                .realmMessage(m -> m.unprotectedHeader(header)));
    assertThat(check(judgement, CcaStep.UNPROTECTED_HEADERS).got()).isEqualTo("2 fields");
    assertThat(failed(judgement)).containsExactly("unprotected-headers");
  }

  @Test
  void aComponentIsAClaimInAllItsParts() {
    String claim = judge(vendor()).claims().get("platformComponents").toString();
    assertThat(claim).contains("BL", "version", "1.0", "hashAlgorithm", "sha-256");
  }

  @Test
  void aComponentHasNothingElse() {
    byte[] good = CcaVendor.component();
    byte[] more = new CborOut().map(6).raw(tail(good)).integer(7).integer(1).toBytes();
    reject(judge(vendor().platform(2399, out -> out.array(1).raw(more))), CcaStep.PLATFORM_CLAIMS);
  }

  @Test
  void componentsAreCounted() {
    accept(judge(vendor().platform(2399, out -> components(out, 64))));
    reject(judge(vendor().platform(2399, out -> components(out, 65))), CcaStep.PLATFORM_CLAIMS);
  }

  private static void components(CborOut out, int count) {
    out.array(count);
    for (int i = 0; i < count; i++) {
      out.raw(CcaVendor.component());
    }
  }

  private static byte[] tail(byte[] item) {
    return Arrays.copyOfRange(item, 1, item.length);
  }

  /** Together the coordinates are as long as they should be. */
  @Test
  void bothCoordinatesOfTheRealmsKeyAreWhole() {
    CcaVendor vendor = vendor();
    byte[] point = vendor.point();
    byte[] key =
        new CborOut()
            .map(4)
            .integer(1)
            .integer(2)
            .integer(-1)
            .integer(2)
            .integer(-2)
            .bytes(Arrays.copyOfRange(point, 1, 48))
            .integer(-3)
            .bytes(Arrays.copyOfRange(point, 48, point.length))
            .toBytes();
    reject(judge(vendor.newer().realmKey(key)), CcaStep.REALM_KEY);
  }
}
