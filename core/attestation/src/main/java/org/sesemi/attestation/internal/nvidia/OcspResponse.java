package org.sesemi.attestation.internal.nvidia;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/**
 * A basic OCSP response about one certificate (RFC 6960, section 4.2), signed with ECDSA P-384 and
 * SHA-384 by the issuer of that certificate or by whom it delegated to.
 *
 * @param certificateId what the response is about
 * @param status the vendor's answer
 * @param thisUpdate from when it is valid
 * @param nextUpdate until when
 * @param responderId who answered, encoded
 * @param certificates what the responder sent along
 * @param signed what the signature covers
 * @param signature the signature in DER
 */
record OcspResponse(
    CertificateId certificateId,
    Status status,
    Instant thisUpdate,
    Instant nextUpdate,
    Responder responderId,
    List<X509Certificate> certificates,
    Bytes signed,
    Bytes signature) {

  /** What a responder says of a certificate. */
  enum Status {
    GOOD,
    REVOKED,
    UNKNOWN
  }

  /**
   * A certificate by issuer and serial number.
   *
   * @param hash the JDK's name of the hash
   * @param issuerName the hash of the issuer's name
   * @param issuerKey the hash of the issuer's key
   * @param serial the serial number
   */
  record CertificateId(String hash, Bytes issuerName, Bytes issuerKey, BigInteger serial) {}

  /**
   * A responder by name or by key.
   *
   * @param tag which of the two
   * @param content the name in DER, or the SHA-1 hash of the key
   */
  record Responder(int tag, Bytes content) {}

  private static final String WHAT = "the OCSP response";
  private static final String BASIC = "1.3.6.1.5.5.7.48.1.1";
  private static final String ECDSA_SHA384 = "1.2.840.10045.4.3.3";
  private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
  private static final Map<String, String> HASHES =
      Map.of(
          "2.16.840.1.101.3.4.2.1", "SHA-256",
          "2.16.840.1.101.3.4.2.2", "SHA-384");
  private static final int BY_NAME = 0xa1;
  private static final int BY_KEY = 0xa2;
  private static final int CONTEXT_0 = 0xa0;
  private static final int MAX_CERTIFICATES = 4;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);

  OcspResponse {
    certificates = List.copyOf(certificates);
  }

  static OcspResponse parse(byte[] der) {
    List<Der> outer = sequence(Der.parse(der, WHAT));
    if (outer.isEmpty() || outer.getFirst().tag() != Der.ENUMERATED) {
      throw new Unreadable(WHAT + " has no status");
    }
    if (outer.getFirst().integer(255, WHAT) != 0 || outer.size() != 2) {
      throw new Unreadable(WHAT + " says that there is none");
    }
    List<Der> typed = sequence(only(outer.get(1).expect(CONTEXT_0, WHAT)));
    if (typed.size() != 2 || !typed.getFirst().oid(WHAT).equals(BASIC)) {
      throw new Unreadable(WHAT + " is not a basic one");
    }
    List<Der> basic = sequence(Der.parse(typed.get(1).octets(WHAT), WHAT));
    if (basic.size() < 3 || basic.size() > 4) {
      throw new Unreadable(WHAT + " has too few parts, or too many");
    }
    List<Der> algorithm = sequence(basic.get(1));
    if (algorithm.size() != 1 || !algorithm.getFirst().oid(WHAT).equals(ECDSA_SHA384)) {
      throw new Unreadable(WHAT + " is not signed with ECDSA and SHA-384");
    }
    return data(
        basic.getFirst(),
        Bytes.of(basic.get(2).bits(WHAT)),
        basic.size() == 4 ? certificates(basic.get(3)) : List.of());
  }

  private static List<X509Certificate> certificates(Der tagged) {
    List<Der> list = sequence(only(tagged.expect(CONTEXT_0, WHAT)));
    if (list.size() > MAX_CERTIFICATES) {
      throw new Unreadable(WHAT + " has too many certificates");
    }
    return list.stream().map(each -> X509.read(each.encoded(), WHAT)).toList();
  }

  private static OcspResponse data(Der tbs, Bytes signature, List<X509Certificate> certificates) {
    List<Der> fields = new ArrayList<>(sequence(tbs));
    // An explicit version 1 would not be in its one encoding, and no other version exists.
    if (fields.size() < 3 || fields.size() > 4) {
      throw new Unreadable(WHAT + " has too few fields, or too many");
    }
    Der responder = fields.get(0);
    if (responder.tag() != BY_NAME && responder.tag() != BY_KEY) {
      throw new Unreadable(WHAT + " does not say who answers");
    }
    time(fields.get(1));
    if (fields.size() == 4) {
      refuseCritical(fields.get(3));
    }
    List<Der> single = sequence(only(fields.get(2).expect(Der.SEQUENCE, WHAT)));
    if (single.size() < 4 || single.size() > 5) {
      throw new Unreadable(WHAT + " does not say from when and until when it is valid");
    }
    if (single.size() == 5) {
      refuseCritical(single.get(4));
    }
    Der inner = only(responder);
    return new OcspResponse(
        certificateId(single.get(0)),
        status(single.get(1)),
        time(single.get(2)),
        time(only(single.get(3).expect(CONTEXT_0, WHAT))),
        new Responder(
            responder.tag(),
            Bytes.of(responder.tag() == BY_KEY ? inner.octets(WHAT) : inner.encoded())),
        certificates,
        Bytes.of(tbs.encoded()),
        signature);
  }

  private static CertificateId certificateId(Der der) {
    List<Der> id = sequence(der);
    if (id.size() != 4) {
      throw new Unreadable(WHAT + " does not name a certificate");
    }
    List<Der> algorithm = sequence(id.getFirst());
    String hash = algorithm.isEmpty() ? null : HASHES.get(algorithm.getFirst().oid(WHAT));
    if (hash == null) {
      throw new Unreadable(WHAT + " names a certificate by another hash than SHA-256 or SHA-384");
    }
    return new CertificateId(
        hash,
        Bytes.of(id.get(1).octets(WHAT)),
        Bytes.of(id.get(2).octets(WHAT)),
        id.get(3).expect(Der.INTEGER, WHAT).integer(WHAT));
  }

  private static Status status(Der der) {
    return switch (der.tag()) {
      case 0x80 -> {
        if (der.content().length != 0) {
          throw new Unreadable(WHAT + " has a wrong status");
        }
        yield Status.GOOD;
      }
      case 0xa1 -> Status.REVOKED;
      case 0x82 -> Status.UNKNOWN;
      default -> throw new Unreadable(WHAT + " has a wrong status");
    };
  }

  private static void refuseCritical(Der tagged) {
    for (Der extension : sequence(only(tagged.expect(0xa1, WHAT)))) {
      List<Der> parts = sequence(extension);
      if (parts.size() == 3 && parts.get(1).bool(WHAT)) {
        throw new Unreadable(WHAT + " has a critical extension that is not understood");
      }
    }
  }

  private static Instant time(Der der) {
    byte[] text = der.expect(Der.GENERALIZED_TIME, WHAT).content();
    try {
      return LocalDateTime.parse(new String(text, StandardCharsets.US_ASCII), TIME)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new Unreadable(WHAT + " has a time in another form than the one");
    }
  }

  /** The element's tag is not signed where the response only wraps: it has to be looked at. */
  private static List<Der> sequence(Der element) {
    return element.expect(Der.SEQUENCE, WHAT).elements(WHAT);
  }

  private static Der only(Der constructed) {
    List<Der> elements = constructed.elements(WHAT);
    if (elements.size() != 1) {
      throw new Unreadable(WHAT + " has not one element where one is due");
    }
    return elements.getFirst();
  }

  /** {@return why the response says nothing about a certificate, if it does not} */
  Optional<String> problem(X509Certificate certificate, X509Certificate issuer) {
    if (!isAbout(certificate, issuer)) {
      return Optional.of("the response is not about " + Chain.name(certificate));
    }
    X509Certificate signer = signer(issuer);
    if (signer == null) {
      return Optional.of("the responder is not the issuer, nor one that it delegated to");
    }
    if (!certificates.stream().allMatch(signer::equals)) {
      return Optional.of("the response carries certificates of others");
    }
    return isSignedBy(signer.getPublicKey())
        ? Optional.empty()
        : Optional.of("the response is not signed by its responder");
  }

  /** {@return what is wrong with the dates of the response or its responder} */
  Optional<String> dateProblem(X509Certificate issuer, Instant at) {
    if (at.isBefore(thisUpdate)) {
      return Optional.of("the response is not valid before " + thisUpdate);
    }
    if (at.isAfter(nextUpdate)) {
      return Optional.of("the response is not valid after " + nextUpdate);
    }
    X509Certificate signer = signer(issuer);
    return signer == null
        ? Optional.of("the response has no responder")
        : new Chain(List.of(signer), Optional.empty()).dateProblem(at);
  }

  private boolean isAbout(X509Certificate certificate, X509Certificate issuer) {
    return certificateId.serial().equals(certificate.getSerialNumber())
        && certificateId
            .issuerName()
            .equals(hash(certificateId.hash(), issuer.getSubjectX500Principal().getEncoded()))
        && certificateId.issuerKey().equals(hash(certificateId.hash(), keyBits(issuer)));
  }

  private @Nullable X509Certificate signer(X509Certificate issuer) {
    if (isResponder(issuer)) {
      return issuer;
    }
    for (X509Certificate candidate : certificates) {
      if (isResponder(candidate)
          && candidate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
          && candidate.getSigAlgName().equals("SHA384withECDSA")
          && X509.isSignedBy(candidate, issuer.getPublicKey())
          && isDelegated(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean isDelegated(X509Certificate certificate) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      boolean[] usage = certificate.getKeyUsage();
      return usages != null
          && usages.contains(OCSP_SIGNING)
          && usage != null
          && usage[0]
          && certificate.getBasicConstraints() < 0;
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private boolean isResponder(X509Certificate certificate) {
    return responderId.tag() == BY_KEY
        ? responderId.content().equals(hash("SHA-1", keyBits(certificate)))
        : responderId
            .content()
            .equals(Bytes.of(certificate.getSubjectX500Principal().getEncoded()));
  }

  private boolean isSignedBy(PublicKey key) {
    return EcKeys.P384.verifyRepeatedDer(key, signed.toArray(), signature.toArray());
  }

  private static byte[] keyBits(X509Certificate certificate) {
    List<Der> info =
        Der.parse(certificate.getPublicKey().getEncoded(), "a public key").elements("a public key");
    return info.getLast().bits("a public key");
  }

  private static Bytes hash(String algorithm, byte[] bytes) {
    try {
      return Bytes.of(MessageDigest.getInstance(algorithm, "SUN").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
