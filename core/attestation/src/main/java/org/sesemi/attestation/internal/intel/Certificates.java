package org.sesemi.attestation.internal.intel;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;

/**
 * A path to a pinned root together with every certificate that was supplied for it. Nothing may be
 * supplied that is not part of it: what is not looked at could not be vouched for.
 *
 * @param chain the path
 * @param supplied the certificates that came with it, in any order
 * @param anchors where it may end
 */
record Certificates(Chain chain, List<X509Certificate> supplied, Anchors.Set anchors) {

  private static final Set<String> ALGORITHMS = Set.of("SHA256withECDSA");
  private static final String COMMON_NAME = "2.5.4.3";

  Certificates {
    supplied = List.copyOf(supplied);
  }

  /** Builds the path from a leaf, of at most so many certificates. */
  static Certificates from(
      X509Certificate leaf, List<X509Certificate> supplied, Anchors.Set anchors, int length) {
    return new Certificates(
        Chain.build(leaf, supplied, anchors, new Chain.Profile(ALGORITHMS, length)),
        supplied,
        anchors);
  }

  /** Returns what is wrong with the path or with what came with it. */
  Optional<String> problem() {
    return chain
        .problem()
        .or(
            () ->
                supplied.stream()
                    .filter(certificate -> !onPath(certificate) && !isRoot(certificate))
                    .findFirst()
                    .map(stray -> Chain.name(stray) + " has no place in the chain"));
  }

  /** Returns what is wrong with the dates of the path, or of a root that came with it. */
  Optional<String> dateProblem(Instant at) {
    return chain.dateProblem(at).or(() -> suppliedAsChain().dateProblem(at));
  }

  /** Returns the earliest end of validity. */
  Instant notAfter() {
    Instant path = chain.notAfter();
    Instant came = suppliedAsChain().notAfter();
    return supplied.isEmpty() || path.isBefore(came) ? path : came;
  }

  private Chain suppliedAsChain() {
    return new Chain(supplied, Optional.empty());
  }

  private boolean onPath(X509Certificate certificate) {
    return chain.path().stream().anyMatch(each -> Chain.same(each, certificate));
  }

  /** Returns whether a certificate is another issue of a pinned root. */
  private boolean isRoot(X509Certificate certificate) {
    return anchors.pins(certificate) && X509.isSelfSigned(certificate);
  }

  /** Returns the common name of a certificate's subject, or nothing unless it has exactly one. */
  static Optional<String> commonName(X509Certificate certificate) {
    String what = "the subject of a certificate";
    try {
      List<String> names =
          Der.parse(certificate.getSubjectX500Principal().getEncoded(), what)
              .elements(what)
              .stream()
              .flatMap(set -> set.elements(what).stream())
              .map(pair -> pair.elements(what))
              .filter(pair -> pair.getFirst().oid(what).equals(COMMON_NAME))
              .map(pair -> pair.getLast().text(what))
              .toList();
      return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }
}
