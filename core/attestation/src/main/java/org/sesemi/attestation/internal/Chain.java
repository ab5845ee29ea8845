package org.sesemi.attestation.internal;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;

/**
 * Builds the one path from a certificate to a pinned root by names and signatures, never by
 * position, and says separately what is wrong with the path, its dates and its revocation, so that
 * each becomes a check of its own.
 *
 * <p>Follows RFC 5280 section 6.1 in what attestation chains use: names chain, signatures, basic
 * constraints with path length, key usage, no unknown critical extension. Name constraints and
 * policies do not occur; being critical, they would be refused.
 *
 * @param path the certificates from the leaf to the root; only the leaf when there is no path
 * @param problem why there is no acceptable path
 */
public record Chain(List<X509Certificate> path, Optional<String> problem) {

  private static final Set<String> UNDERSTOOD = Set.of("2.5.29.15", "2.5.29.19", "2.5.29.37");

  /**
   * What a vendor's chain looks like.
   *
   * @param signatureAlgorithms the JDK's names of the signature algorithms that may occur
   * @param maxLength the most certificates, leaf and root included
   * @param understood further extensions that may be critical, because the vendor's verifier reads
   *     them
   */
  public record Profile(Set<String> signatureAlgorithms, int maxLength, Set<String> understood) {

    /** Makes a profile without further extensions. */
    public Profile(Set<String> signatureAlgorithms, int maxLength) {
      this(signatureAlgorithms, maxLength, Set.of());
    }
  }

  /** Copies the path. */
  public Chain {
    path = List.copyOf(path);
  }

  /**
   * Builds a path.
   *
   * @param leaf where it begins
   * @param others certificates at hand, in any order; none is believed
   * @param anchors where it may end
   * @param profile what is acceptable on the way
   */
  public static Chain build(
      X509Certificate leaf, List<X509Certificate> others, Anchors.Set anchors, Profile profile) {
    List<X509Certificate> candidates = new ArrayList<>(anchors.roots());
    candidates.addAll(others);
    candidates.addAll(anchors.intermediates());
    List<X509Certificate> path = new ArrayList<>();
    path.add(leaf);
    X509Certificate current = leaf;
    while (!anchors.pins(current)) {
      X509Certificate child = current;
      if (X509.isSelfSigned(child)) {
        return new Chain(path, Optional.of("the root " + name(child) + " is not a pinned one"));
      }
      if (path.size() == profile.maxLength()) {
        return new Chain(path, Optional.of("the chain is longer than " + profile.maxLength()));
      }
      Optional<X509Certificate> issuer =
          candidates.stream()
              .filter(c -> c.getSubjectX500Principal().equals(child.getIssuerX500Principal()))
              .filter(c -> path.stream().noneMatch(c::equals))
              .filter(c -> X509.isSignedBy(child, c.getPublicKey()))
              .findFirst();
      if (issuer.isEmpty()) {
        return new Chain(path, Optional.of("nothing at hand has issued and signed " + name(child)));
      }
      current = issuer.get();
      path.add(current);
    }
    return new Chain(path, ruleBroken(path, profile));
  }

  /** {@return the root, when there is an acceptable path} */
  public Optional<X509Certificate> root() {
    return problem.isPresent() ? Optional.empty() : Optional.of(path.getLast());
  }

  /** {@return the issuer of the leaf, when there is an acceptable path with one} */
  public Optional<X509Certificate> issuer() {
    return problem.isPresent() || path.size() < 2 ? Optional.empty() : Optional.of(path.get(1));
  }

  /** {@return what is wrong with the dates at an instant} */
  public Optional<String> dateProblem(Instant at) {
    for (X509Certificate certificate : path) {
      if (at.isBefore(certificate.getNotBefore().toInstant())) {
        return Optional.of(
            name(certificate) + " is not valid before " + certificate.getNotBefore().toInstant());
      }
      if (at.isAfter(certificate.getNotAfter().toInstant())) {
        return Optional.of(
            name(certificate) + " is not valid after " + certificate.getNotAfter().toInstant());
      }
    }
    return Optional.empty();
  }

  /** {@return the earliest end of validity} */
  public Instant notAfter() {
    return path.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElse(Instant.MIN);
  }

  /**
   * {@return what is wrong with a revocation list, other than its dates}
   *
   * @param list the list
   * @param issuer who must have issued it
   */
  public static Optional<String> crlProblem(X509CRL list, X509Certificate issuer) {
    if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return Optional.of("the list is not issued by " + name(issuer));
    }
    boolean[] usage = issuer.getKeyUsage();
    if (usage != null && !usage[6]) {
      return Optional.of(name(issuer) + " may not sign revocation lists");
    }
    if (!X509.isSignedBy(list, issuer.getPublicKey())) {
      return Optional.of("the list is not signed by " + name(issuer));
    }
    // The JDK calls an extension supported when it can be read. A delta list and a list of some
    // certificates only have such ones, and are no answer to whether a certificate is revoked.
    Set<String> critical = list.getCriticalExtensionOIDs();
    if (critical != null && !critical.isEmpty()) {
      return Optional.of("the list has a critical extension that is not understood");
    }
    return Optional.empty();
  }

  /** {@return what is wrong with the dates of a revocation list at an instant} */
  public static Optional<String> crlDateProblem(X509CRL list, Instant at) {
    if (list.getNextUpdate() == null) {
      return Optional.of("the list does not say until when it is valid");
    }
    if (at.isBefore(list.getThisUpdate().toInstant())) {
      return Optional.of("the list is not valid before " + list.getThisUpdate().toInstant());
    }
    if (at.isAfter(list.getNextUpdate().toInstant())) {
      return Optional.of("the list is not valid after " + list.getNextUpdate().toInstant());
    }
    return Optional.empty();
  }

  /** {@return a certificate's subject for people} */
  public static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private static Optional<String> ruleBroken(List<X509Certificate> path, Profile profile) {
    for (int i = 0; i < path.size(); i++) {
      X509Certificate certificate = path.get(i);
      if (!profile.signatureAlgorithms().contains(certificate.getSigAlgName())) {
        return Optional.of(
            name(certificate)
                + " is signed with "
                + certificate.getSigAlgName()
                + ", not with "
                + String.join(" or ", profile.signatureAlgorithms().stream().sorted().toList()));
      }
      if (certificate.getVersion() != 3) {
        return Optional.of(name(certificate) + " is not of version 3");
      }
      Set<String> critical = certificate.getCriticalExtensionOIDs();
      if (critical != null
          && !critical.stream()
              .allMatch(oid -> UNDERSTOOD.contains(oid) || profile.understood().contains(oid))) {
        return Optional.of(name(certificate) + " has a critical extension that is not understood");
      }
      if (i > 0) {
        if (certificate.getBasicConstraints() < i - 1) {
          return Optional.of(
              name(certificate) + " is no CA, or not one of a chain as long as this");
        }
        boolean[] usage = certificate.getKeyUsage();
        if (usage == null || !usage[5]) {
          return Optional.of(name(certificate) + " may not sign certificates");
        }
      }
      if (i == 0 && path.size() > 1 && certificate.getBasicConstraints() >= 0) {
        return Optional.of(name(certificate) + " is a CA, where the end of a chain is due");
      }
    }
    return Optional.empty();
  }

  /** {@return whether two certificates are the same, byte for byte} */
  public static boolean same(X509Certificate one, X509Certificate other) {
    try {
      return Arrays.equals(one.getEncoded(), other.getEncoded());
    } catch (java.security.cert.CertificateEncodingException e) {
      return false;
    }
  }
}
