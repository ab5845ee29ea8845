package org.sesemi.attestation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;

/**
 * A policy for enclaves of the simulated platform, which protects nothing.
 *
 * @param roots the raw Ed25519 public keys of the simulated platforms that are believed
 * @param allowed the pairs of code and configuration that are accepted
 */
public record SimulatedPolicy(Set<Bytes> roots, Set<Allowed> allowed) implements RuntimePolicy {

  private static final int MAX_ROOTS = 16;
  private static final int MAX_ALLOWED = 256;
  private static final Bytes ZERO = Bytes.of(new byte[Digest.LENGTH]);

  /**
   * One accepted enclave.
   *
   * @param measurement its code
   * @param configDigest its configuration
   */
  public record Allowed(Digest measurement, Digest configDigest) implements Comparable<Allowed> {

    /** Refuses values that mean nothing. */
    public Allowed {
      if (measurement.value().equals(ZERO) || configDigest.value().equals(ZERO)) {
        throw new AttestationException(
            AttestationException.Code.POLICY_EMPTY, "a digest of zeros names no enclave");
      }
    }

    @Override
    public int compareTo(Allowed other) {
      int byMeasurement = measurement.compareTo(other.measurement);
      return byMeasurement != 0 ? byMeasurement : configDigest.compareTo(other.configDigest);
    }
  }

  /** Sorts, copies and checks both sets. */
  public SimulatedPolicy {
    roots = sorted(roots);
    allowed = sorted(allowed);
    if (roots.isEmpty() || allowed.isEmpty()) {
      throw new AttestationException(
          AttestationException.Code.POLICY_EMPTY,
          roots.isEmpty() ? "the policy names no root" : "the policy names no measurement");
    }
    if (roots.size() > MAX_ROOTS || allowed.size() > MAX_ALLOWED) {
      throw new AttestationException(
          AttestationException.Code.MALFORMED, "the policy has too many entries");
    }
    for (Bytes root : roots) {
      if (root.length() != IdentityPublicKey.LENGTH || root.equals(ZERO)) {
        throw new AttestationException(
            AttestationException.Code.MALFORMED, "a root is not an Ed25519 public key");
      }
    }
  }

  /**
   * {@return a policy that accepts one enclave of one platform}
   *
   * @param root the root public key of the platform
   * @param measurement the code of the enclave
   * @param configDigest its configuration
   */
  public static SimulatedPolicy of(Bytes root, Digest measurement, Digest configDigest) {
    return new SimulatedPolicy(Set.of(root), Set.of(new Allowed(measurement, configDigest)));
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.SIMULATED;
  }

  @Override
  public Verifier verifier() {
    return new SimulatedVerifier(roots);
  }

  @Override
  public Verification validate(Claims claims) {
    CheckList checks = new CheckList("runtime policy");
    checks.that(
        AttestationException.Code.PLATFORM_MISMATCH,
        Check.of(
            "policy-platform",
            claims.platform() == PlatformKind.SIMULATED,
            PlatformKind.SIMULATED.text(),
            claims.platform().text(),
            "the policy is for another platform"));
    checks.that(
        AttestationException.Code.ROOT_UNTRUSTED,
        Check.of(
            "policy-root",
            roots.contains(claims.root()),
            oneOf(roots),
            claims.root().hex(),
            "the policy does not name this platform root"));
    Set<Digest> measurements = new TreeSet<>();
    Set<Digest> configurations = new TreeSet<>();
    for (Allowed entry : allowed) {
      measurements.add(entry.measurement());
      if (entry.measurement().equals(claims.measurement())) {
        configurations.add(entry.configDigest());
      }
    }
    checks.that(
        AttestationException.Code.MEASUREMENT_NOT_ALLOWED,
        Check.of(
            "policy-measurement",
            measurements.contains(claims.measurement()),
            oneOf(measurements),
            claims.measurement().hex(),
            "the policy does not name this measurement"));
    checks.that(
        AttestationException.Code.CONFIG_NOT_ALLOWED,
        Check.of(
            "policy-configuration",
            configurations.contains(claims.configDigest()),
            oneOf(configurations),
            claims.configDigest().hex(),
            "the policy does not name this configuration with this measurement"));
    return checks.with(claims);
  }

  @Override
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, PlatformKind.SIMULATED.text())
        .putByteStrings(2, List.copyOf(roots))
        .putMaps(
            3,
            allowed.stream()
                .map(
                    entry ->
                        CborMap.builder()
                            .put(1, entry.measurement())
                            .put(2, entry.configDigest())
                            .build())
                .toList())
        .build()
        .encode();
  }

  static SimulatedPolicy read(CborReader reader) {
    List<Bytes> roots = reader.byteStrings(2, MAX_ROOTS, IdentityPublicKey.LENGTH);
    List<Allowed> allowed = new ArrayList<>();
    for (CborReader entry : reader.maps(3, MAX_ALLOWED)) {
      allowed.add(new Allowed(entry.digest(1), entry.digest(2)));
      entry.finish();
    }
    SimulatedPolicy policy = new SimulatedPolicy(new TreeSet<>(roots), new TreeSet<>(allowed));
    if (!List.copyOf(policy.roots).equals(roots) || !List.copyOf(policy.allowed).equals(allowed)) {
      throw new AttestationException(
          AttestationException.Code.MALFORMED, "the policy is not sorted or has entries twice");
    }
    return policy;
  }

  private static <T extends Comparable<T>> Set<T> sorted(Set<T> values) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  private static String oneOf(Set<?> values) {
    return switch (values.size()) {
      case 0 -> "none";
      case 1 -> values.iterator().next().toString();
      default -> "one of " + values.size() + " named";
    };
  }
}
