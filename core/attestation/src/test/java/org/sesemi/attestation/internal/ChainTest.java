package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;

/** Paths that are found and paths that are not, and each rule of a path broken alone. */
class ChainTest {

  private static final String ALGORITHM = "SHA256withECDSA";
  private static final byte[] DER_NULL = {5, 0};
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2027-01-01T00:00:00Z");

  private static final KeyPair ROOT_KEYS = Authority.ecKeys("secp256r1");
  private static final KeyPair UPPER_KEYS = Authority.ecKeys("secp256r1");
  private static final KeyPair LOWER_KEYS = Authority.ecKeys("secp256r1");
  private static final KeyPair LEAF_KEYS = Authority.ecKeys("secp256r1");
  private static final KeyPair OTHER_KEYS = Authority.ecKeys("secp256r1");

  private static final Authority ROOT = Authority.root("CN=Root", ROOT_KEYS, ALGORITHM);
  private static final Authority UPPER = ROOT.intermediate(upper(), UPPER_KEYS, ALGORITHM);
  private static final Authority LOWER = UPPER.intermediate(lower(), LOWER_KEYS, ALGORITHM);
  private static final X509Certificate LEAF = LOWER.issue(leaf());
  private static final List<X509Certificate> WHOLE =
      List.of(LEAF, LOWER.certificate(), UPPER.certificate(), ROOT.certificate());
  private static final Chain.Profile PROFILE = new Chain.Profile(Set.of(ALGORITHM), 4);

  private static CertificateSpec root() {
    return CertificateSpec.authority("CN=Root", ROOT_KEYS.getPublic());
  }

  private static CertificateSpec upper() {
    return CertificateSpec.authority("CN=Upper", UPPER_KEYS.getPublic());
  }

  private static CertificateSpec lower() {
    return CertificateSpec.authority("CN=Lower", LOWER_KEYS.getPublic());
  }

  private static CertificateSpec leaf() {
    return CertificateSpec.leaf("CN=Leaf", LEAF_KEYS.getPublic());
  }

  private static Anchors.Set roots(X509Certificate... certificates) {
    return new Anchors.Set(List.of(certificates), List.of(), List.of());
  }

  private static Chain build(X509Certificate leaf, X509Certificate... others) {
    return Chain.build(leaf, List.of(others), roots(ROOT.certificate()), PROFILE);
  }

  /** Builds a chain of four of certificates that say what they are told to. */
  private static Chain of(
      CertificateSpec root, CertificateSpec upper, CertificateSpec lower, CertificateSpec leaf) {
    return of(root, upper, lower, leaf, PROFILE);
  }

  private static Chain of(
      CertificateSpec root,
      CertificateSpec upper,
      CertificateSpec lower,
      CertificateSpec leaf,
      Chain.Profile profile) {
    Authority first = Authority.root(root, ROOT_KEYS, ALGORITHM);
    Authority second = first.intermediate(upper, UPPER_KEYS, ALGORITHM);
    Authority third = second.intermediate(lower, LOWER_KEYS, ALGORITHM);
    return Chain.build(
        third.issue(leaf),
        List.of(second.certificate(), third.certificate()),
        roots(first.certificate()),
        profile);
  }

  private static void accepted(Chain chain) {
    assertThat(chain.problem()).isEmpty();
    assertThat(chain.root()).contains(chain.path().getLast());
  }

  private static void refused(Chain chain, String problem) {
    assertThat(chain.problem()).contains(problem);
    assertThat(chain.root()).isEmpty();
    assertThat(chain.issuer()).isEmpty();
  }

  @Test
  void thePathDoesNotDependOnTheOrder() {
    Property.check(
        "a chain is found in any order",
        24,
        random -> {
          List<X509Certificate> others = new ArrayList<>(WHOLE);
          others.add(Authority.root("CN=Root", OTHER_KEYS, ALGORITHM).certificate());
          others.add(ROOT.issue(leaf().serial(9)));
          Collections.shuffle(others, Random.from(random));
          Chain chain = Chain.build(LEAF, others, roots(ROOT.certificate()), PROFILE);
          accepted(chain);
          assertThat(chain.path()).isEqualTo(WHOLE);
          assertThat(chain.root()).contains(ROOT.certificate());
          assertThat(chain.issuer()).contains(LOWER.certificate());
        });
  }

  @Test
  void intermediatesMayComeWithTheRoots() {
    Anchors.Set anchors =
        new Anchors.Set(
            List.of(ROOT.certificate()),
            List.of(UPPER.certificate(), LOWER.certificate()),
            List.of());
    Chain chain = Chain.build(LEAF, List.of(), anchors, PROFILE);
    accepted(chain);
    assertThat(chain.path()).isEqualTo(WHOLE);
  }

  @Test
  void anIntermediateIsNoRoot() {
    Anchors.Set anchors = new Anchors.Set(List.of(), WHOLE.subList(1, 4), List.of());
    refused(Chain.build(LEAF, List.of(), anchors, PROFILE), "the root CN=Root is not a pinned one");
  }

  @Test
  void aPinnedCertificateIsAPathOfOne() {
    Chain chain = build(ROOT.certificate());
    accepted(chain);
    assertThat(chain.path()).containsExactly(ROOT.certificate());
    assertThat(chain.issuer()).isEmpty();
  }

  @Test
  void aRootMayBeTheIssuer() {
    Chain chain = build(ROOT.issue(leaf()));
    accepted(chain);
    assertThat(chain.path()).hasSize(2);
    assertThat(chain.issuer()).contains(ROOT.certificate());
  }

  @Test
  void aPathIsAsLongAsTheProfileSays() {
    for (int most = 1; most < 4; most++) {
      Chain chain =
          Chain.build(
              LEAF, WHOLE, roots(ROOT.certificate()), new Chain.Profile(Set.of(ALGORITHM), most));
      refused(chain, "the chain is longer than " + most);
      assertThat(chain.path()).isEqualTo(WHOLE.subList(0, most));
    }
    accepted(
        Chain.build(
            ROOT.certificate(),
            List.of(),
            roots(ROOT.certificate()),
            new Chain.Profile(Set.of(ALGORITHM), 1)));
  }

  @Test
  void aPathEndsAtARootThatIsPinned() {
    Authority other = Authority.root("CN=Root", OTHER_KEYS, ALGORITHM);
    Chain chain = build(other.issue(leaf()), other.certificate());
    refused(chain, "the root CN=Root is not a pinned one");
    assertThat(chain.path()).hasSize(2).endsWith(other.certificate());
    Authority named = Authority.root("CN=Another", ROOT_KEYS, ALGORITHM);
    refused(
        build(named.issue(leaf()), named.certificate()), "the root CN=Another is not a pinned one");
    refused(build(other.certificate()), "the root CN=Root is not a pinned one");
    refused(Chain.build(LEAF, WHOLE, roots(), PROFILE), "the root CN=Root is not a pinned one");
  }

  @Test
  void aRootIsPinnedByNameAndKey() {
    Authority reissued = Authority.root(root().serial(7), ROOT_KEYS, ALGORITHM);
    Chain chain = Chain.build(UPPER.issue(leaf()), WHOLE, roots(reissued.certificate()), PROFILE);
    accepted(chain);
    assertThat(chain.root()).contains(reissued.certificate());
  }

  @Test
  void ofTwoCertificatesOfOneNameTheOneThatSignedIsTaken() {
    X509Certificate imitation = UPPER.issue(CertificateSpec.authority("CN=Lower", key()));
    X509Certificate upper = UPPER.certificate();
    for (List<X509Certificate> others :
        List.of(
            List.of(imitation, LOWER.certificate(), upper),
            List.of(LOWER.certificate(), imitation, upper))) {
      Chain chain = Chain.build(LEAF, others, roots(ROOT.certificate()), PROFILE);
      accepted(chain);
      assertThat(chain.path()).isEqualTo(WHOLE);
    }
    Chain chain = build(LEAF, imitation, upper);
    refused(chain, "nothing at hand has issued and signed CN=Leaf");
    assertThat(chain.path()).containsExactly(LEAF);
  }

  private static PublicKey key() {
    return OTHER_KEYS.getPublic();
  }

  @Test
  void anIssuerIsAtHandAndHasTheNameAndTheKey() {
    refused(build(LEAF), "nothing at hand has issued and signed CN=Leaf");
    Chain chain = build(LEAF, LOWER.certificate());
    refused(chain, "nothing at hand has issued and signed CN=Lower");
    assertThat(chain.path()).containsExactly(LEAF, LOWER.certificate());
    refused(
        build(ROOT.issue(leaf().issuer("CN=Nobody"))),
        "nothing at hand has issued and signed CN=Leaf");
  }

  @Test
  void aPathDoesNotRunInACircle() {
    Authority one = Authority.root(upper().issuer("CN=Lower"), LOWER_KEYS, ALGORITHM);
    Authority two = Authority.root(lower().issuer("CN=Upper"), UPPER_KEYS, ALGORITHM);
    X509Certificate end =
        Authority.root(leaf().issuer("CN=Lower"), LOWER_KEYS, ALGORITHM).certificate();
    Chain chain = build(end, one.certificate(), two.certificate());
    refused(chain, "nothing at hand has issued and signed CN=Upper");
    assertThat(chain.path()).containsExactly(end, two.certificate(), one.certificate());
  }

  @Test
  void everySignatureAlgorithmIsOneOfTheProfile() {
    String other = "SHA512withECDSA";
    String problem = " is signed with SHA512withECDSA, not with SHA256withECDSA";
    refused(of(root().signedWith(other), upper(), lower(), leaf()), "CN=Root" + problem);
    refused(of(root(), upper().signedWith(other), lower(), leaf()), "CN=Upper" + problem);
    refused(of(root(), upper(), lower().signedWith(other), leaf()), "CN=Lower" + problem);
    refused(of(root(), upper(), lower(), leaf().signedWith(other)), "CN=Leaf" + problem);
    CertificateSpec leaf = leaf().signedWith(other);
    Chain.Profile two = new Chain.Profile(Set.of("SHA384withECDSA", ALGORITHM), 4);
    refused(
        of(root(), upper(), lower(), leaf, two),
        "CN=Leaf is signed with SHA512withECDSA, not with SHA256withECDSA or SHA384withECDSA");
    accepted(of(root(), upper(), lower(), leaf, new Chain.Profile(Set.of(ALGORITHM, other), 4)));
  }

  @Test
  void everyCertificateIsOfVersion3() throws OperatorCreationException, IOException {
    X509Certificate old = old("CN=Leaf", LEAF_KEYS);
    refused(build(old), "CN=Leaf is not of version 3");
    X509Certificate oldUpper = old("CN=Upper", UPPER_KEYS);
    refused(build(UPPER.issue(leaf()), oldUpper), "CN=Upper is not of version 3");
  }

  private static X509Certificate old(String subject, KeyPair keys)
      throws OperatorCreationException, IOException {
    byte[] der =
        new X509v1CertificateBuilder(
                new X500Name("CN=Root"),
                BigInteger.TWO,
                Date.from(FROM),
                Date.from(TO),
                new X500Name(subject),
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()))
            .build(new JcaContentSignerBuilder(ALGORITHM).build(ROOT_KEYS.getPrivate()))
            .getEncoded();
    return X509.read(der, subject);
  }

  @Test
  void criticalExtensionsAreUnderstood() {
    String oid = "1.2.3.4";
    String problem = " has a critical extension that is not understood";
    refused(
        of(root().extension(oid, true, DER_NULL), upper(), lower(), leaf()), "CN=Root" + problem);
    refused(
        of(root(), upper().extension(oid, true, DER_NULL), lower(), leaf()), "CN=Upper" + problem);
    refused(
        of(root(), upper(), lower().extension(oid, true, DER_NULL), leaf()), "CN=Lower" + problem);
    CertificateSpec leaf = leaf().extension(oid, true, DER_NULL);
    refused(of(root(), upper(), lower(), leaf), "CN=Leaf" + problem);
    Set<String> algorithms = Set.of(ALGORITHM);
    accepted(of(root(), upper(), lower(), leaf, new Chain.Profile(algorithms, 4, Set.of(oid))));
    refused(
        of(root(), upper(), lower(), leaf, new Chain.Profile(algorithms, 4, Set.of("1.2.3"))),
        "CN=Leaf" + problem);
    accepted(of(root(), upper(), lower(), leaf().extension(oid, false, DER_NULL)));
    accepted(of(root(), upper(), lower(), leaf().keyUsage(0)));
    byte[] clientUse = {0x30, 0x0a, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2};
    accepted(of(root(), upper(), lower(), leaf().extension("2.5.29.37", true, clientUse)));
    refused(
        of(root(), upper(), lower(), leaf().extension("2.5.29.30", true, new byte[] {0x30, 0})),
        "CN=Leaf" + problem);
  }

  @Test
  void anAuthorityAllowsAsManyAuthoritiesAsAreBelowIt() {
    String problem = " is no CA, or not one of a chain as long as this";
    accepted(of(root().pathLength(2), upper().pathLength(1), lower().pathLength(0), leaf()));
    refused(of(root().pathLength(1), upper(), lower(), leaf()), "CN=Root" + problem);
    refused(of(root(), upper().pathLength(0), lower(), leaf()), "CN=Upper" + problem);
    refused(of(root(), upper(), lower().ca(false), leaf()), "CN=Lower" + problem);
    refused(of(root(), upper().ca(false), lower(), leaf()), "CN=Upper" + problem);
    refused(of(root().ca(false), upper(), lower(), leaf()), "CN=Root" + problem);
  }

  @Test
  void anAuthorityMaySignCertificates() {
    String problem = " may not sign certificates";
    int others = KeyUsage.cRLSign | KeyUsage.digitalSignature | KeyUsage.keyAgreement;
    for (int usage : new int[] {0, others}) {
      refused(of(root().keyUsage(usage), upper(), lower(), leaf()), "CN=Root" + problem);
      refused(of(root(), upper().keyUsage(usage), lower(), leaf()), "CN=Upper" + problem);
      refused(of(root(), upper(), lower().keyUsage(usage), leaf()), "CN=Lower" + problem);
    }
    accepted(of(root(), upper().keyUsage(KeyUsage.keyCertSign), lower(), leaf()));
  }

  @Test
  void theEndOfAChainIsNoAuthority() {
    String problem = "CN=Leaf is a CA, where the end of a chain is due";
    refused(of(root(), upper(), lower(), leaf().ca(true)), problem);
    refused(of(root(), upper(), lower(), leaf().ca(true).pathLength(0)), problem);
  }

  @Test
  void bothEndsOfValidityBelongToIt() {
    for (int at = 0; at < 4; at++) {
      CertificateSpec[] specs = {leaf(), lower(), upper(), root()};
      specs[at].valid(FROM, TO);
      Chain chain = of(specs[3], specs[2], specs[1], specs[0]);
      String name = List.of("CN=Leaf", "CN=Lower", "CN=Upper", "CN=Root").get(at);
      accepted(chain);
      assertThat(chain.dateProblem(FROM)).isEmpty();
      assertThat(chain.dateProblem(TO)).isEmpty();
      assertThat(chain.dateProblem(FROM.minusSeconds(1)))
          .contains(name + " is not valid before 2026-01-01T00:00:00Z");
      assertThat(chain.dateProblem(TO.plusSeconds(1)))
          .contains(name + " is not valid after 2027-01-01T00:00:00Z");
      assertThat(chain.notAfter()).isEqualTo(TO);
    }
  }

  @Test
  void aPathOfNothingIsNeverValid() {
    List<X509Certificate> path = new ArrayList<>();
    Chain chain = new Chain(path, Optional.of("there is none"));
    path.add(LEAF);
    assertThat(chain.path()).isEmpty();
    assertThat(chain.notAfter()).isEqualTo(Instant.MIN);
  }

  @Test
  void sameMeansByteForByte() {
    assertThat(Chain.same(LEAF, X509.read(Authority.der(LEAF), "leaf"))).isTrue();
    assertThat(Chain.same(LEAF, LOWER.issue(leaf().serial(2)))).isFalse();
    UnencodableCertificate unencodable = new UnencodableCertificate(LEAF);
    assertThat(Chain.same(unencodable, LEAF)).isFalse();
    assertThat(Chain.same(LEAF, unencodable)).isFalse();
  }

  @Test
  void aNameIsThatOfTheSubject() {
    X509Certificate issued =
        ROOT.issue(CertificateSpec.leaf("C=US,O=Some Vendor,CN=Some Key", key()));
    assertThat(Chain.name(issued)).isEqualTo("CN=Some Key,O=Some Vendor,C=US");
  }
}
