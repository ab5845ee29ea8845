package org.sesemi.attestation;

import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;

/** Roots of the caller's own inside a message. The pinned ones go without saying. */
final class AnchorsCodec {

  private static final int MAX_COUNT = 64;
  private static final int MAX_ENCODED = 16 * 1024;

  private AnchorsCodec() {}

  static void put(CborMap.Builder message, int key, Anchors anchors) {
    anchors
        .given()
        .ifPresent(
            set ->
                message.put(
                    key,
                    CborMap.builder()
                        .putByteStrings(1, encoded(set.roots()))
                        .putByteStrings(2, encoded(set.intermediates()))
                        .putByteStrings(3, keys(set.keys()))
                        .build()));
  }

  static Anchors take(CborReader message, int key) {
    if (!message.has(key)) {
      return Anchors.pinned();
    }
    CborReader reader = message.map(key);
    try {
      List<X509Certificate> roots = certificates(reader, 1);
      List<X509Certificate> intermediates = certificates(reader, 2);
      List<PublicKey> keys = new ArrayList<>();
      for (Bytes encoded : sorted(reader, 3)) {
        keys.add(X509.publicKey(encoded.toArray(), "a key of the policy"));
      }
      reader.finish();
      if (!roots.stream().allMatch(X509::isSelfSigned)) {
        throw malformed("a root of the policy is not self-signed");
      }
      return Anchors.of(new Anchors.Set(roots, intermediates, keys));
    } catch (Unreadable e) {
      throw malformed("the anchors of the policy cannot be read: " + e.getMessage());
    }
  }

  private static List<X509Certificate> certificates(CborReader reader, int key) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Bytes encoded : sorted(reader, key)) {
      certificates.add(X509.certificate(encoded.toArray(), "a certificate of the policy"));
    }
    return certificates;
  }

  private static List<Bytes> sorted(CborReader reader, int key) {
    List<Bytes> values = reader.byteStrings(key, MAX_COUNT, MAX_ENCODED);
    if (!List.copyOf(new TreeSet<>(values)).equals(values)) {
      throw malformed("the anchors of the policy are not sorted or there twice");
    }
    return values;
  }

  private static List<Bytes> encoded(List<X509Certificate> certificates) {
    TreeSet<Bytes> encoded = new TreeSet<>();
    for (X509Certificate certificate : certificates) {
      try {
        encoded.add(Bytes.of(certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate that was read can be written", e);
      }
    }
    return List.copyOf(encoded);
  }

  private static List<Bytes> keys(List<PublicKey> keys) {
    TreeSet<Bytes> encoded = new TreeSet<>();
    keys.forEach(key -> encoded.add(Bytes.of(key.getEncoded())));
    return List.copyOf(encoded);
  }

  private static AttestationException malformed(String message) {
    return new AttestationException(AttestationException.Code.MALFORMED, message);
  }
}
