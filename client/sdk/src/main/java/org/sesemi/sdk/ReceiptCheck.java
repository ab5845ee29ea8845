package org.sesemi.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.HardwarePolicy;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.crypto.Commitment;
import org.sesemi.crypto.Receipt;
import org.sesemi.crypto.ReceiptVerifier;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.VerificationRecord;

/**
 * The offline verification of a {@link ReceiptBundle}, step by step.
 *
 * <p>Guarantees: nobody is asked; the cluster is the one that the caller names, never the one that
 * the receipt names; a step that cannot be made counts as not passed.
 */
public final class ReceiptCheck {

  private ReceiptCheck() {}

  /**
   * Verifies a receipt.
   *
   * @param bundle the receipt with its proofs
   * @param cluster the cluster that the caller trusts; empty when there is none to compare with
   * @param runtimePolicy the encoded policy of the runtimes that the caller accepts; empty when
   *     there is none to compare with
   * @param request the plain request, to check that the receipt is for it; empty to leave that out
   * @param response the plain response, likewise
   * @return the record of every step
   */
  public static VerificationRecord verify(
      ReceiptBundle bundle,
      Optional<Digest> cluster,
      Optional<Bytes> runtimePolicy,
      Optional<OipBody> request,
      Optional<OipBody> response) {
    Digest named = cluster.orElseGet(() -> Digest.sha256(bundle.genesis().toArray()));
    VerificationRecord chain =
        ReceiptVerifier.verify(
            bundle.genesis().toArray(),
            bundle.receipt(),
            bundle.certificate(),
            bundle.expected(named));
    List<Check> checks = new ArrayList<>(chain.checks());
    if (cluster.isEmpty()) {
      checks.add(
          Check.unverified(
              "trusted-cluster",
              "the cluster that you trust",
              "no cluster is pinned here and none was named"));
    }
    Receipt said = bundle.claimed();
    checks.add(runtime(said, runtimePolicy));
    request.ifPresent(
        body ->
            checks.add(
                commitment(
                    "request-content",
                    Commitment.to(Commitment.Side.REQUEST, bundle.requestSalt(), body),
                    said.requestCommitment())));
    response.ifPresent(
        body ->
            checks.add(
                commitment(
                    "response-content",
                    Commitment.to(Commitment.Side.RESPONSE, bundle.responseSalt(), body),
                    said.responseCommitment())));
    return new VerificationRecord("receipt", checks);
  }

  private static Check runtime(Receipt said, Optional<Bytes> policy) {
    String got = said.measurement().hex() + " with configuration " + said.configDigest().hex();
    if (policy.isEmpty()) {
      return Check.unverified(
          "accepted-runtime", "a runtime that you accept", "no runtime policy is known here");
    }
    return switch (RuntimePolicy.decode(policy.get().toArray())) {
      case SimulatedPolicy simulated ->
          Check.of(
              "accepted-runtime",
              simulated
                  .allowed()
                  .contains(new SimulatedPolicy.Allowed(said.measurement(), said.configDigest())),
              "a runtime of your policy",
              got,
              "your policy does not name this runtime");
      case HardwarePolicy _ ->
          Check.unverified(
              "accepted-runtime",
              "a runtime of your policy",
              "a policy for hardware is about evidence, of which a receipt has a digest only");
    };
  }

  private static Check commitment(String name, Digest own, Digest said) {
    return Check.of(
        name,
        own.equals(said),
        said.hex(),
        own.hex(),
        "the receipt is for other content than this file");
  }
}
