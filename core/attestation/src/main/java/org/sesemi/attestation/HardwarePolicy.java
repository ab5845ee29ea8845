package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Check;

/**
 * A policy for enclaves on real hardware, as the attested channel uses it: an {@link
 * EvidencePolicy} together with the roots that are believed.
 *
 * <p>Guarantees, beside those of {@link RuntimePolicy}: claims that a verifier with other roots
 * made, or that no verifier of hardware made, are rejected.
 *
 * <p>Thread-safe. Equal policies have equal encodings.
 */
public final class HardwarePolicy implements RuntimePolicy {

  /** The platform text of the encoding; no platform has this name. */
  static final String TEXT = "hardware";

  private final EvidencePolicy policy;
  private final Anchors anchors;
  private final HardwareVerifier verifier;
  private final byte[] encoding;

  private HardwarePolicy(EvidencePolicy policy, Anchors anchors) {
    this.policy = requireNonNull(policy, "policy");
    this.anchors = anchors;
    this.verifier = new HardwareVerifier(policy.platforms(), anchors);
    CborMap.Builder message = CborMap.versioned().put(1, TEXT).put(2, policy.toJson());
    AnchorsCodec.put(message, 3, anchors);
    this.encoding = message.build().encode();
    if (encoding.length > MAX_LENGTH) {
      throw new AttestationException(
          Code.POLICY_INVALID,
          "the policy has " + encoding.length + " bytes, more than " + MAX_LENGTH);
    }
  }

  /**
   * {@return a policy that believes the roots of this release}
   *
   * @param policy what is demanded
   */
  public static HardwarePolicy of(EvidencePolicy policy) {
    return new HardwarePolicy(policy, Anchors.pinned());
  }

  /**
   * {@return a policy that believes other roots}
   *
   * @param policy what is demanded
   * @param anchors the roots
   */
  public static HardwarePolicy of(EvidencePolicy policy, Anchors anchors) {
    return new HardwarePolicy(policy, anchors);
  }

  /** {@return what is demanded} */
  public EvidencePolicy policy() {
    return policy;
  }

  /** {@return the first of the platforms that it is for} */
  @Override
  public PlatformKind platform() {
    return policy.platforms().iterator().next();
  }

  /** {@return the platforms that it is for} */
  @Override
  public Set<PlatformKind> platforms() {
    return policy.platforms();
  }

  @Override
  public Verifier verifier() {
    return verifier;
  }

  @Override
  public Verification validate(Claims claims) {
    CheckList checks = new CheckList("runtime policy");
    boolean known =
        checks.that(
            Code.ROOT_UNTRUSTED,
            Check.of(
                "policy-root",
                claims.hardware().isPresent()
                    && claims.root().equals(anchors.digest(claims.platform()).value()),
                "claims verified with the roots of the policy",
                claims.root().hex(),
                "the claims were verified with other roots"));
    if (!known) {
      return checks.without();
    }
    HardwareClaims hardware = claims.hardware().orElseThrow();
    EvidencePolicy.Comparison compared = policy.compare(hardware.judgement(), hardware.at());
    Code failure = compared.failure().orElse(Code.INCOMPLETE);
    compared.checks().forEach(check -> checks.that(failure, check));
    Instant notAfter =
        Stream.concat(Stream.of(claims.notAfter()), compared.endsAt().stream())
            .min(Instant::compareTo)
            .orElse(claims.notAfter());
    return checks.with(claims.until(notAfter));
  }

  @Override
  public byte[] encode() {
    return encoding.clone();
  }

  static HardwarePolicy read(CborReader reader) {
    String json = reader.text(2, MAX_LENGTH);
    EvidencePolicy policy =
        EvidencePolicy.parse(json.getBytes(StandardCharsets.UTF_8), "encoded policy");
    HardwarePolicy read = new HardwarePolicy(policy, AnchorsCodec.take(reader, 3));
    if (!policy.toJson().equals(json)) {
      throw new AttestationException(
          Code.MALFORMED, "the encoded policy is not in its canonical form");
    }
    return read;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HardwarePolicy that && Arrays.equals(encoding, that.encoding);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoding);
  }

  @Override
  public String toString() {
    return "HardwarePolicy[" + policy + "]";
  }
}
