package org.sesemi.attestation.internal.nvidia;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.WireException;

/**
 * The report of one device and its certificates, from two files or from one container.
 *
 * @param report the report
 * @param certificates the certificates as they were supplied
 * @param declaredNonce the nonce that the container names
 */
record DeviceEvidence(
    Bytes report, List<X509Certificate> certificates, Optional<Bytes> declaredNonce) {

  private static final String REPORT = "report.bin";
  private static final String CHAIN = "cert_chain.pem";
  private static final String CONTAINER = "evidence.json";
  private static final int MAX_CERTIFICATES = 8;
  private static final int MAX_CONTAINER = 256 << 10;

  DeviceEvidence {
    certificates = List.copyOf(certificates);
    if (certificates.size() > MAX_CERTIFICATES) {
      throw new Unreadable("there are too many certificates");
    }
  }

  /** {@return whether bytes look like a container} */
  static boolean recognises(Bytes bytes) {
    if (bytes.length() > MAX_CONTAINER) {
      return false;
    }
    String text = new String(bytes.toArray(), StandardCharsets.ISO_8859_1).strip();
    return text.startsWith("[")
        && text.contains("\"evidence\"")
        && text.contains("\"certificate\"")
        && text.contains("\"arch\"");
  }

  /** {@return the evidence among documents, if there is any} */
  static Optional<DeviceEvidence> of(Documents documents) {
    Optional<Bytes> report = documents.get(REPORT);
    Optional<Bytes> container = documents.get(CONTAINER);
    if (report.isPresent() && container.isPresent()) {
      throw new Unreadable("there are two reports");
    }
    if (container.isPresent()) {
      return Optional.of(read(container.get().toArray()));
    }
    if (report.isEmpty()) {
      return Optional.empty();
    }
    Bytes chain =
        documents.get(CHAIN).orElseThrow(() -> new Unreadable("no " + CHAIN + " was supplied"));
    return Optional.of(
        new DeviceEvidence(report.get(), X509.readPem(chain.toArray(), CHAIN), Optional.empty()));
  }

  private static DeviceEvidence read(byte[] json) {
    if (json.length > MAX_CONTAINER) {
      throw new Unreadable(CONTAINER + " is too long");
    }
    try {
      if (!(Json.parse(json) instanceof JsonArray devices)
          || devices.items().size() != 1
          || !(devices.items().getFirst() instanceof JsonObject device)) {
        throw new Unreadable(CONTAINER + " is not about one device");
      }
      JsonFields fields = JsonFields.of(device);
      DeviceEvidence evidence =
          new DeviceEvidence(
              Bytes.of(base64(fields.text("evidence"))),
              X509.readPem(base64(fields.text("certificate")), CONTAINER),
              fields.optionalText("nonce").map(Bytes::parse));
      Optional<String> named = fields.optionalText("arch");
      if (named.isPresent() && !named.equals(evidence.architecture())) {
        throw new Unreadable(CONTAINER + " names another architecture than the certificate");
      }
      return evidence;
    } catch (WireException e) {
      throw new Unreadable(CONTAINER + " is not of the form that is due: " + e.detail());
    }
  }

  private static byte[] base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
        throw new Unreadable(CONTAINER + " has base64 in another than the one form");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new Unreadable(CONTAINER + " has something that is not base64");
    }
  }

  /** {@return the architecture, as the vendor's name of the chip tells it} */
  Optional<String> architecture() {
    String name = Chain.name(leaf());
    if (name.contains("CN=GH")) {
      return Optional.of("HOPPER");
    }
    return name.contains("CN=GB") ? Optional.of("BLACKWELL") : Optional.empty();
  }

  /** {@return the certificate of the key that signs} */
  X509Certificate leaf() {
    return leaf(certificates);
  }

  /** {@return the certificates above the leaf} */
  List<X509Certificate> others() {
    X509Certificate leaf = leaf();
    return certificates.stream().filter(certificate -> !certificate.equals(leaf)).toList();
  }

  /** {@return the one certificate among several that issued none of the others} */
  static X509Certificate leaf(List<X509Certificate> certificates) {
    List<X509Certificate> leaves =
        certificates.stream()
            .filter(
                candidate ->
                    certificates.stream()
                        .noneMatch(
                            other ->
                                other
                                    .getIssuerX500Principal()
                                    .equals(candidate.getSubjectX500Principal())))
            .toList();
    if (leaves.size() != 1) {
      throw new Unreadable("the certificates have not one end");
    }
    return leaves.getFirst();
  }
}
