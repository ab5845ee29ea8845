package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.attestation.Fixtures.CONFIG;
import static org.sesemi.attestation.Fixtures.MEASUREMENT;
import static org.sesemi.attestation.Fixtures.NOW;
import static org.sesemi.attestation.Fixtures.REPORT_DATA;
import static org.sesemi.attestation.Fixtures.ROOT;

import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.SimulatedPolicy.Allowed;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Verdict;

class SimulatedPolicyTest {

  private static final Digest OTHER = Fixtures.digest("other");

  @Test
  void theNamedEnclaveIsAccepted() {
    Verification appraisal =
        Fixtures.policy().appraise(Fixtures.launch().attest(REPORT_DATA), REPORT_DATA, NOW);
    assertThat(appraisal.record().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(appraisal.record().checks()).hasSize(15);
    assertThat(appraisal.require().measurement()).isEqualTo(MEASUREMENT);
  }

  @Test
  void anotherMeasurementConfigurationOrRootIsRefusedWithItsOwnCode() {
    refused(
        SimulatedPolicy.of(ROOT.publicKey().value(), OTHER, CONFIG), Code.MEASUREMENT_NOT_ALLOWED);
    refused(
        SimulatedPolicy.of(ROOT.publicKey().value(), MEASUREMENT, OTHER), Code.CONFIG_NOT_ALLOWED);
    refused(
        SimulatedPolicy.of(Fixtures.key("other").publicKey().value(), MEASUREMENT, CONFIG),
        Code.ROOT_UNTRUSTED);
  }

  @Test
  void aConfigurationIsAllowedOnlyTogetherWithItsMeasurement() {
    SimulatedPolicy crossed =
        new SimulatedPolicy(
            Set.of(ROOT.publicKey().value()),
            Set.of(new Allowed(MEASUREMENT, OTHER), new Allowed(OTHER, CONFIG)));
    refused(crossed, Code.CONFIG_NOT_ALLOWED);
  }

  @Test
  void claimsFromAnotherRootAreRefusedEvenWhenVerifiedElsewhere() {
    Claims claims =
        new SimulatedVerifier(Set.of(ROOT.publicKey().value()))
            .verify(Fixtures.launch().attest(REPORT_DATA), REPORT_DATA, NOW)
            .require();
    Verification validated =
        SimulatedPolicy.of(Fixtures.key("other").publicKey().value(), MEASUREMENT, CONFIG)
            .validate(claims);
    assertThat(validated.failure()).contains(Code.ROOT_UNTRUSTED);
  }

  @Test
  void aPolicyThatAcceptsNothingCannotBeMade() {
    Set<Bytes> roots = Set.of(ROOT.publicKey().value());
    coded(Code.POLICY_EMPTY, () -> new SimulatedPolicy(roots, Set.of()));
    coded(
        Code.POLICY_EMPTY,
        () -> new SimulatedPolicy(Set.of(), Set.of(new Allowed(MEASUREMENT, CONFIG))));
    coded(Code.POLICY_EMPTY, () -> new SimulatedVerifier(Set.of()));
  }

  @Test
  void valuesThatMeanNothingAreRefused() {
    Digest zero = Digest.of(new byte[32]);
    coded(Code.POLICY_EMPTY, () -> new Allowed(zero, CONFIG));
    coded(Code.POLICY_EMPTY, () -> new Allowed(MEASUREMENT, zero));
    coded(Code.MALFORMED, () -> SimulatedPolicy.of(Bytes.of(new byte[32]), MEASUREMENT, CONFIG));
    coded(Code.MALFORMED, () -> SimulatedPolicy.of(Bytes.of(new byte[31]), MEASUREMENT, CONFIG));
  }

  @Test
  void encodingAndDecodingAreInverse() {
    Property.check(
        "policies survive their encoding",
        200,
        random -> {
          Set<Bytes> roots = new TreeSet<>();
          Set<Allowed> allowed = new TreeSet<>();
          for (int i = random.nextInt(1, 5); i > 0; i--) {
            roots.add(bytes(random));
          }
          for (int i = random.nextInt(1, 9); i > 0; i--) {
            allowed.add(new Allowed(new Digest(bytes(random)), new Digest(bytes(random))));
          }
          SimulatedPolicy policy = new SimulatedPolicy(roots, allowed);
          RuntimePolicy decoded = RuntimePolicy.decode(policy.encode());
          assertThat(decoded).isEqualTo(policy);
          assertThat(decoded.encode()).isEqualTo(policy.encode());
          assertThat(decoded.digest()).isEqualTo(policy.digest());
        });
  }

  @Test
  void aMutatedEncodingIsRefusedOrAnotherPolicy() {
    Property.check(
        "mutated policies",
        1,
        random -> {
          byte[] encoded = Fixtures.policy().encode();
          Mutation.all(encoded, random)
              .forEach(
                  mutation -> {
                    try {
                      assertThat(RuntimePolicy.decode(mutation.bytes()).encode())
                          .isEqualTo(mutation.bytes());
                    } catch (AttestationException refused) {
                      assertThat(refused.code()).startsWith("attestation.");
                    }
                  });
        });
  }

  private static Bytes bytes(RandomGenerator random) {
    byte[] value = new byte[32];
    random.nextBytes(value);
    return Bytes.of(value);
  }

  private static void refused(SimulatedPolicy policy, Code code) {
    Verification appraisal =
        policy.appraise(Fixtures.launch().attest(REPORT_DATA), REPORT_DATA, NOW);
    assertThat(appraisal.claims()).isEmpty();
    assertThat(appraisal.failure()).contains(code);
  }

  private static void coded(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
  }
}
