package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;
import org.sesemi.wire.VerificationRecord;

/**
 * The offline check of a receipt: from a pinned cluster id down to the bytes of one exchange.
 *
 * <p>Guarantees: an accepted record means that an instance which the cluster attested, with the
 * measurement named, signed this receipt about exactly the digests and commitments that were
 * expected. What was not given to compare with is reported as unverified, never as passed.
 *
 * <p>Stateless; every check is made and recorded unless one before it leaves nothing to check.
 */
public final class ReceiptVerifier {

  private static final String SUBJECT = "receipt";

  private ReceiptVerifier() {}

  /**
   * What the verifying side knows of its own.
   *
   * @param clusterId the cluster that it trusts
   * @param requestDigest the digest of the request that it sent, when it still has it
   * @param responseDigest the digest of the response that it got
   * @param requestCommitment the commitment computed from the plain request and its salt
   * @param responseCommitment the commitment computed from the plain response and its salt
   */
  public record Expected(
      Digest clusterId,
      Optional<Digest> requestDigest,
      Optional<Digest> responseDigest,
      Optional<Digest> requestCommitment,
      Optional<Digest> responseCommitment) {

    /** Checks that everything is there. */
    public Expected {
      requireNonNull(clusterId, "clusterId");
      requireNonNull(requestDigest, "requestDigest");
      requireNonNull(responseDigest, "responseDigest");
      requireNonNull(requestCommitment, "requestCommitment");
      requireNonNull(responseCommitment, "responseCommitment");
    }

    /**
     * What a client knows right after it opened an answer.
     *
     * @param clusterId the pinned cluster
     * @param request the request it sent
     * @param answer the answer it opened
     * @return everything there is to compare with
     */
    public static Expected of(
        Digest clusterId, PendingRequest request, PendingRequest.Answer answer) {
      return new Expected(
          clusterId,
          Optional.of(request.digest()),
          Optional.of(answer.responseDigest()),
          Optional.of(request.commitment()),
          Optional.of(answer.responseCommitment()));
    }
  }

  /**
   * Verifies a receipt.
   *
   * @param genesisBytes the cluster's genesis statement
   * @param receipt the signed receipt
   * @param certificate the signed certificate of the instance
   * @param expected what to compare with
   * @return the record of every check
   */
  public static VerificationRecord verify(
      byte[] genesisBytes, Signed receipt, Signed certificate, Expected expected) {
    List<Check> checks = new ArrayList<>();
    Digest cluster = Digest.sha256(genesisBytes);
    checks.add(
        same(
            "cluster-id",
            expected.clusterId(),
            cluster,
            "the genesis statement is another cluster's"));
    Genesis genesis;
    InstanceCertificate instance;
    Receipt said;
    try {
      genesis = Genesis.decode(genesisBytes);
      instance = InstanceCertificate.decode(certificate.unverifiedPayload());
      said = Receipt.decode(receipt.unverifiedPayload());
    } catch (CryptoException malformed) {
      checks.add(
          Check.failed("form", "genesis, certificate and receipt decode", "", malformed.detail()));
      return new VerificationRecord(SUBJECT, checks);
    }
    checks.add(
        Check.passed(
            "form", "genesis, certificate and receipt decode", "they do, format version 1"));
    chain(checks, genesis, cluster, certificate, instance, receipt, said);
    exchange(checks, said, expected);
    return new VerificationRecord(SUBJECT, checks);
  }

  /** From the cluster's key to the receipt's signature. */
  private static void chain(
      List<Check> checks,
      Genesis genesis,
      Digest cluster,
      Signed certificate,
      InstanceCertificate instance,
      Signed receipt,
      Receipt said) {
    checks.add(
        Check.of(
            "certificate-signature",
            certificate.isSignedBy(Signed.Label.INSTANCE, genesis.caKey()),
            "signed by the cluster's key " + genesis.caKey(),
            "certificate of instance key " + instance.instanceKey(),
            "the certificate was changed, or another key signed it"));
    checks.add(
        same(
            "certificate-cluster",
            cluster,
            instance.clusterId(),
            "the certificate speaks for another cluster"));
    checks.add(
        Check.of(
            "receipt-signature",
            receipt.isSignedBy(Signed.Label.RECEIPT, instance.instanceKey()),
            "signed by instance key " + instance.instanceKey(),
            "receipt of request " + said.requestId(),
            "the receipt was changed, or another instance signed it"));
    checks.add(
        Check.of(
            "certificate-validity",
            instance.validAt(said.time()),
            "receipt time between " + instance.notBefore() + " and " + instance.notAfter(),
            said.time().toString(),
            "the certificate did not hold when the receipt was made"));
    checks.add(
        same("receipt-cluster", cluster, said.clusterId(), "the receipt names another cluster"));
    checks.add(
        same(
            "measurement",
            instance.measurement(),
            said.measurement(),
            "the receipt claims other code than the cluster attested"));
    checks.add(
        same(
            "configuration",
            instance.configDigest(),
            said.configDigest(),
            "the receipt claims another configuration than the cluster attested"));
    checks.add(
        Check.of(
            "epoch",
            said.epoch() >= instance.epoch(),
            "epoch " + instance.epoch() + " or later",
            "epoch " + said.epoch(),
            "the receipt is of an epoch before its certificate"));
  }

  /** From the receipt to the bytes of the exchange. */
  private static void exchange(List<Check> checks, Receipt said, Expected expected) {
    checks.add(
        compared("request-digest", expected.requestDigest(), said.requestDigest(), "request"));
    checks.add(
        compared("response-digest", expected.responseDigest(), said.responseDigest(), "response"));
    checks.add(
        compared(
            "request-commitment",
            expected.requestCommitment(),
            said.requestCommitment(),
            "plain request"));
    checks.add(
        compared(
            "response-commitment",
            expected.responseCommitment(),
            said.responseCommitment(),
            "plain response"));
  }

  private static Check compared(String name, Optional<Digest> own, Digest said, String what) {
    return own.map(digest -> same(name, digest, said, "the receipt speaks of another " + what))
        .orElseGet(
            () ->
                Check.unverified(
                    name, said.hex(), "the " + what + " was not given to compare with"));
  }

  private static Check same(String name, Digest expected, Digest got, String reason) {
    return Check.of(name, expected.equals(got), expected.hex(), got.hex(), reason);
  }
}
