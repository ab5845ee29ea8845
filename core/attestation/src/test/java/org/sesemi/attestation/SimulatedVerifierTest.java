package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.attestation.Fixtures.CONFIG;
import static org.sesemi.attestation.Fixtures.LAUNCH_ID;
import static org.sesemi.attestation.Fixtures.MEASUREMENT;
import static org.sesemi.attestation.Fixtures.NOW;
import static org.sesemi.attestation.Fixtures.REPORT_DATA;
import static org.sesemi.attestation.Fixtures.ROOT;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.Signed;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Verdict;

class SimulatedVerifierTest {

  private static final SimulatedVerifier VERIFIER =
      new SimulatedVerifier(
          Set.of(ROOT.publicKey().value(), Fixtures.key("second root").publicKey().value()));

  @Test
  void genuineEvidenceBecomesClaims() {
    Verification verification = verify(Fixtures.launch().attest(REPORT_DATA));

    assertThat(verification.record().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(verification.record().checks()).hasSize(11);
    Claims claims = verification.require();
    assertThat(claims.measurement()).isEqualTo(MEASUREMENT);
    assertThat(claims.configDigest()).isEqualTo(CONFIG);
    assertThat(claims.root()).isEqualTo(ROOT.publicKey().value());
    assertThat(claims.reportData()).isEqualTo(Bytes.of(REPORT_DATA));
    assertThat(claims.debug()).isFalse();
    assertThat(claims.notAfter()).isEqualTo(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void anotherRootIsRefusedEvenWithTheSameContent() {
    SimulatedLaunch foreign = Fixtures.launch(Fixtures.key("foreign root"), MEASUREMENT);
    refused(verify(foreign.attest(REPORT_DATA)), Code.ROOT_UNTRUSTED);
  }

  @Test
  void reportDataOfAnotherExchangeIsRefused() {
    Evidence other = Fixtures.launch().attest(Fixtures.reportData("another exchange"));
    refused(verify(other), Code.REPORT_DATA_MISMATCH);
  }

  @Test
  void validityHoldsFromTheFirstInstantAndEndsBeforeTheLast() {
    SimulatedLaunch launch = Fixtures.launch();
    Evidence evidence = launch.attest(REPORT_DATA);
    var certificate = launch.certificate();
    assertThat(VERIFIER.verify(evidence, REPORT_DATA, certificate.notBefore()).claims())
        .isPresent();
    assertThat(
            VERIFIER.verify(evidence, REPORT_DATA, certificate.notAfter().minusMillis(1)).claims())
        .isPresent();
    refused(
        VERIFIER.verify(evidence, REPORT_DATA, certificate.notBefore().minusMillis(1)),
        Code.NOT_YET_VALID);
    refused(VERIFIER.verify(evidence, REPORT_DATA, certificate.notAfter()), Code.EXPIRED);
  }

  @Test
  void aReportAboutAnotherLaunchIsRefused() {
    Digest other = Fixtures.digest("another");
    Bytes data = Bytes.of(REPORT_DATA);
    Bytes otherId = id("another");
    for (SimulatedReport report :
        new SimulatedReport[] {
          new SimulatedReport(other, CONFIG, data, LAUNCH_ID, 1, false),
          new SimulatedReport(MEASUREMENT, other, data, LAUNCH_ID, 1, false),
          new SimulatedReport(MEASUREMENT, CONFIG, data, otherId, 1, false)
        }) {
      refused(verify(Fixtures.launch().quote(report)), Code.LAUNCH_MISMATCH);
    }
  }

  @Test
  void debuggingIsRefused() {
    SimulatedReport report =
        new SimulatedReport(MEASUREMENT, CONFIG, Bytes.of(REPORT_DATA), LAUNCH_ID, 1, true);
    refused(verify(Fixtures.launch().quote(report)), Code.DEBUG_ENABLED);
  }

  @Test
  void aReportSignedByAnotherKeyThanTheCertifiedIsRefused() {
    IdentityKey stranger = Fixtures.key("stranger");
    Signed certificate =
        Signed.sign(Signed.Label.SIMULATED_LAUNCH, Fixtures.launch().certificate().encode(), ROOT);
    Signed report =
        Signed.sign(Signed.Label.SIMULATED_REPORT, Fixtures.report().encode(), stranger);
    refused(verify(new SimulatedQuote(report, certificate).toEvidence()), Code.SIGNATURE_INVALID);
  }

  @Test
  void aSignatureForOnePurposeIsNoneForTheOther() {
    Signed certificate =
        Signed.sign(Signed.Label.SIMULATED_REPORT, Fixtures.launch().certificate().encode(), ROOT);
    Signed report =
        Signed.sign(Signed.Label.SIMULATED_REPORT, Fixtures.report().encode(), Fixtures.LAUNCH_KEY);
    refused(verify(new SimulatedQuote(report, certificate).toEvidence()), Code.ROOT_UNTRUSTED);
  }

  @Test
  void everyUnknownVersionIsRefusedByName() {
    byte[] report = Fixtures.report().encode();
    byte[] certificate = Fixtures.launch().certificate().encode();
    refused(verify(signed(bumped(report), certificate)), Code.VERSION_UNKNOWN);
    refused(verify(signed(report, bumped(certificate))), Code.VERSION_UNKNOWN);
    Bytes quote = signed(report, certificate).bytes();
    refused(
        verify(new Evidence(PlatformKind.SIMULATED, Bytes.of(bumped(quote.toArray())))),
        Code.VERSION_UNKNOWN);
    assertThatThrownBy(
            () -> Evidence.decode(bumped(Fixtures.launch().attest(REPORT_DATA).encode())))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(Code.VERSION_UNKNOWN));
  }

  @Test
  void everyMutationOfEvidenceIsRefused() {
    Property.check(
        "mutated evidence never becomes claims",
        1,
        random -> {
          byte[] genuine = Fixtures.launch().attest(REPORT_DATA).bytes().toArray();
          assertThat(verify(genuine).claims()).isPresent();
          Mutation.all(genuine, random)
              .filter(mutation -> mutation.bytes().length > 0)
              .forEach(
                  mutation ->
                      assertThat(verify(mutation.bytes()).claims()).as(mutation.what()).isEmpty());
        });
  }

  @Test
  void whatCannotBeReadLeavesTheOtherChecksUnverified() {
    Verification verification = verify(new byte[] {1, 2, 3});
    refused(verification, Code.MALFORMED);
    assertThat(verification.record().checks()).hasSize(11);
    assertThat(verification.record().checks().stream().map(Check::outcome))
        .filteredOn(outcome -> outcome == CheckOutcome.UNVERIFIED)
        .hasSize(9);
  }

  @Test
  void theExceptionCarriesCodeAndRecord() {
    Verification verification = verify(Fixtures.launch().attest(Fixtures.reportData("x")));
    assertThatThrownBy(verification::require)
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> {
              assertThat(e.code()).isEqualTo("attestation.report-data-mismatch");
              assertThat(e.record()).contains(verification.record());
            })
        .hasMessageContaining("made for something else");
  }

  private static Verification verify(Evidence evidence) {
    return VERIFIER.verify(evidence, REPORT_DATA, NOW);
  }

  private static Verification verify(byte[] evidence) {
    return verify(new Evidence(PlatformKind.SIMULATED, Bytes.of(evidence)));
  }

  private static void refused(Verification verification, Code code) {
    assertThat(verification.claims()).isEmpty();
    assertThat(verification.failure()).contains(code);
    assertThat(verification.record().verdict()).isEqualTo(Verdict.REJECT);
  }

  private static Evidence signed(byte[] report, byte[] certificate) {
    return new SimulatedQuote(
            Signed.sign(Signed.Label.SIMULATED_REPORT, report, Fixtures.LAUNCH_KEY),
            Signed.sign(Signed.Label.SIMULATED_LAUNCH, certificate, ROOT))
        .toEvidence();
  }

  /** Turns {@code {0: 1, ...}} into {@code {0: 2, ...}}. */
  private static byte[] bumped(byte[] message) {
    byte[] head = CborMap.versioned().build().encode();
    assertThat(message[1]).isEqualTo(head[1]);
    assertThat(message[2]).isEqualTo(head[2]);
    byte[] changed = message.clone();
    changed[2] = 2;
    return changed;
  }

  private static Bytes id(String name) {
    return Bytes.of(Arrays.copyOf(Fixtures.digest(name).bytes(), 16));
  }
}
