package org.sesemi.attestation.internal.nitro;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.cose.CborFields;
import org.sesemi.attestation.internal.cose.CborItem;
import org.sesemi.wire.Bytes;

/**
 * The payload of an attestation document, by its types; the rules about values are methods of their
 * own, each of which becomes a check. Source: AWS Nitro Enclaves NSM API, attestation process,
 * sections 2.2 and 3.2.
 *
 * @param moduleId the enclave
 * @param digest the hash of the registers
 * @param timestamp milliseconds since 1970
 * @param pcrs the registers
 * @param certificate the certificate of the key that signed the document, in DER
 * @param cabundle its issuers in DER, root first
 * @param publicKey bytes of the enclave's own, by name a key, in whatever form
 * @param userData bytes of the enclave's own
 * @param nonce bytes of the enclave's own, by name a relying party's
 */
public record NitroDocument(
    String moduleId,
    String digest,
    long timestamp,
    SortedMap<Long, Bytes> pcrs,
    Bytes certificate,
    List<Bytes> cabundle,
    Optional<Bytes> publicKey,
    Optional<Bytes> userData,
    Optional<Bytes> nonce) {

  /** The most bytes of a payload. */
  static final int MAX_PAYLOAD = 16 * 1024;

  /** The most bytes of a certificate and of a field of the enclave's own. */
  static final int MAX_FIELD = 1024;

  /** The most certificates in a bundle; the real ones have four. */
  static final int MAX_BUNDLE = 8;

  private static final int MAX_PCRS = 32;

  /** Copies the collections. */
  public NitroDocument {
    pcrs = Collections.unmodifiableSortedMap(new TreeMap<>(pcrs));
    cabundle = List.copyOf(cabundle);
  }

  /**
   * Reads a payload.
   *
   * @throws Unreadable when it has other keys or types
   */
  public static NitroDocument parse(byte[] payload) {
    CborFields fields = CborItem.parse(payload, "the payload").fields("the payload");
    SortedMap<Long, Bytes> pcrs = new TreeMap<>();
    fields
        .get("pcrs")
        .fields("pcrs")
        .integers()
        .forEach((index, value) -> pcrs.put(index, Bytes.of(value.bytes("a register"))));
    List<Bytes> cabundle = new ArrayList<>();
    for (CborItem each : fields.get("cabundle").array("cabundle")) {
      cabundle.add(Bytes.of(each.bytes("a certificate of cabundle")));
    }
    NitroDocument document =
        new NitroDocument(
            fields.get("module_id").name("module_id"),
            fields.get("digest").name("digest"),
            fields.get("timestamp").integer("timestamp"),
            pcrs,
            Bytes.of(fields.get("certificate").bytes("certificate")),
            cabundle,
            optional(fields, "public_key"),
            optional(fields, "user_data"),
            optional(fields, "nonce"));
    fields.finish();
    return document;
  }

  private static Optional<Bytes> optional(CborFields fields, String key) {
    return fields
        .optional(key)
        .filter(item -> !item.isNull())
        .map(item -> Bytes.of(item.bytes(key)));
  }

  /** {@return whether there are 1 to 32 registers with indexes below 32 and lengths of a hash} */
  boolean hasGoodPcrs() {
    return !pcrs.isEmpty()
        && pcrs.size() <= MAX_PCRS
        && pcrs.keySet().stream().allMatch(index -> index >= 0 && index < MAX_PCRS)
        && pcrs.values().stream()
            .mapToInt(Bytes::length)
            .allMatch(length -> length == 32 || length == 48 || length == 64);
  }

  /** {@return whether the certificates are as many and as long as they may be} */
  boolean hasGoodCertificateSizes() {
    return isGoodSize(certificate)
        && !cabundle.isEmpty()
        && cabundle.size() <= MAX_BUNDLE
        && cabundle.stream().allMatch(NitroDocument::isGoodSize);
  }

  /** {@return whether the fields of the enclave's own are as long as they may be} */
  boolean hasGoodUserFields() {
    return publicKey.stream().allMatch(NitroDocument::isGoodSize)
        && userData.stream().allMatch(data -> data.length() <= MAX_FIELD)
        && nonce.stream().allMatch(data -> data.length() <= MAX_FIELD);
  }

  private static boolean isGoodSize(Bytes bytes) {
    return bytes.length() >= 1 && bytes.length() <= MAX_FIELD;
  }

  /**
   * {@return whether nothing is measured, which is what an enclave with a debug console shows:
   * registers 0 to 2 are all zero}
   */
  boolean isDebug() {
    return pcrs.headMap(3L).values().stream().allMatch(NitroDocument::isZero);
  }

  private static boolean isZero(Bytes bytes) {
    for (byte value : bytes.toArray()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Adds what the document says. The caller's bytes are the nonce, which is where an attester puts
   * them; a document without one has them in its user data.
   */
  void addTo(ClaimSet.Builder claims) {
    Bytes none = Bytes.empty();
    claims
        .put("measurement", pcrs.getOrDefault(0L, none))
        .put("reportData", nonce.or(() -> userData).orElse(none))
        .put("debug", isDebug())
        .put("moduleId", moduleId)
        .put("digest", digest)
        .put("timestamp", timestamp);
    ClaimSet.Builder registers = ClaimSet.builder();
    pcrs.forEach((index, value) -> registers.put("pcr" + index, value));
    claims.put("pcrs", registers.build()).put("cabundleCount", cabundle.size());
    publicKey.ifPresent(bytes -> claims.put("publicKey", bytes));
    userData.ifPresent(bytes -> claims.put("userData", bytes));
    nonce.ifPresent(bytes -> claims.put("nonce", bytes));
  }
}
