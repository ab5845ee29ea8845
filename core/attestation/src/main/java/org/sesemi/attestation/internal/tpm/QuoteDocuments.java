package org.sesemi.attestation.internal.tpm;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Pem;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonNull;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.WireException;

/**
 * A quote and what goes with it, out of any of three layouts: single files, the JSON of the
 * Confidential Containers attester, and that of the go-attestation library.
 *
 * @param message the quote (TPMS_ATTEST)
 * @param signature its signature (TPMT_SIGNATURE, or bare where the public area fixes the scheme)
 * @param akArea the public area of the attestation key (TPMT_PUBLIC)
 * @param akKey the attestation key as SubjectPublicKeyInfo
 * @param pcrs the register values in the order of the selection
 * @param ekCertificate the certificate of the endorsement key in DER
 */
public record QuoteDocuments(
    Optional<Bytes> message,
    Optional<Bytes> signature,
    Optional<Bytes> akArea,
    Optional<Bytes> akKey,
    Optional<List<Bytes>> pcrs,
    Optional<Bytes> ekCertificate) {

  /** The file of the JSON layouts. */
  public static final String EVIDENCE = "evidence.json";

  /** The file of the quote. */
  public static final String MESSAGE = "quote.msg";

  /** The file of the signature. */
  public static final String SIGNATURE = "quote.sig";

  /** The file of the attestation key's public area. */
  public static final String AK_PUBLIC = "ak.tpm2b_public";

  /** The file of the attestation key. */
  public static final String AK_PEM = "ak.pem";

  /** The file of the public area of the attestation key's parent, when it is no endorsement key. */
  public static final String AK_PARENT = "ak_parent.tpm2b_public";

  /** The file of the register values. */
  public static final String PCRS = "pcrs.bin";

  /** The file of the event log. */
  public static final String EVENT_LOG = "eventlog.bin";

  /** The file of the endorsement key's certificate. */
  public static final String EK_CERTIFICATE = "ek_cert.der";

  private static final Json.Limits LIMITS = new Json.Limits(8, 4096);
  private static final int SHA256_OF_GO = 5;
  private static final int MAX_PUBLIC = 1024;
  private static final int DIGEST = 32;

  /** {@return whether documents look like one of the layouts} */
  public static boolean recognised(Documents documents) {
    if (documents.get(MESSAGE).isPresent()) {
      return true;
    }
    return json(documents)
        .filter(
            object ->
                (object.get("tpm_quote").isPresent() && object.get("hcl_report").isEmpty())
                    || (object.get("Quote").isPresent() && object.get("AK").isPresent()))
        .isPresent();
  }

  /** {@return the object in the JSON document, when there is one} */
  public static Optional<JsonObject> json(Documents documents) {
    return documents
        .get(EVIDENCE)
        .flatMap(
            bytes -> {
              try {
                return Json.parse(bytes.toBuffer(), LIMITS) instanceof JsonObject object
                    ? Optional.of(object)
                    : Optional.empty();
              } catch (WireException e) {
                return Optional.empty();
              }
            });
  }

  /**
   * Reads documents.
   *
   * @throws Unreadable when one of them has not its form
   */
  public static QuoteDocuments read(Documents documents) {
    if (documents.get(EVIDENCE).isEmpty()) {
      return files(documents);
    }
    if (documents.get(MESSAGE).isPresent()) {
      throw new Unreadable("there are two quotes, one in " + EVIDENCE + " and one in " + MESSAGE);
    }
    JsonObject object =
        json(documents).orElseThrow(() -> new Unreadable(EVIDENCE + " is not a JSON object"));
    return guarded(
        () ->
            object.get("tpm_quote").isPresent()
                ? containers(JsonFields.of(object), documents)
                : goAttestation(JsonFields.of(object), documents));
  }

  private static QuoteDocuments files(Documents documents) {
    return new QuoteDocuments(
        documents.get(MESSAGE),
        documents.get(SIGNATURE),
        documents.get(AK_PUBLIC).map(bytes -> Tpm2b.only(bytes.toArray(), MAX_PUBLIC, AK_PUBLIC)),
        documents.get(AK_PEM).map(bytes -> publicKey(bytes, AK_PEM)),
        documents.get(PCRS).map(QuoteDocuments::values),
        documents.get(EK_CERTIFICATE));
  }

  private static Bytes publicKey(Bytes text, String what) {
    List<Pem.Block> blocks = Pem.read(text.toArray(), what);
    if (blocks.size() != 1 || !blocks.getFirst().label().equals("PUBLIC KEY")) {
      throw new Unreadable(what + " is not one public key");
    }
    return blocks.getFirst().der();
  }

  private static List<Bytes> values(Bytes joined) {
    byte[] all = joined.toArray();
    if (all.length == 0 || all.length % DIGEST != 0) {
      throw new Unreadable(PCRS + " is not made of values of " + DIGEST + " bytes");
    }
    List<Bytes> values = new ArrayList<>();
    for (int at = 0; at < all.length; at += DIGEST) {
      values.add(Bytes.of(java.util.Arrays.copyOfRange(all, at, at + DIGEST)));
    }
    return values;
  }

  private static QuoteDocuments containers(JsonFields fields, Documents documents) {
    Bytes key = base64(fields.text("ak_public"), "ak_public");
    JsonFields quote = fields.object("tpm_quote");
    QuoteDocuments result =
        new QuoteDocuments(
            Optional.of(base64(quote.text("message"), "message")),
            Optional.of(base64(quote.text("signature"), "signature")),
            Optional.empty(),
            Optional.of(key),
            Optional.of(quote.texts("pcrs").stream().map(text -> hex(text, "pcrs")).toList()),
            documents.get(EK_CERTIFICATE));
    quote.finish();
    fields.finish();
    return result;
  }

  private static QuoteDocuments goAttestation(JsonFields fields, Documents documents) {
    JsonFields fixed = fields.object("Static");
    fixed.integer("TPMVersion", 2, 2);
    JsonValue ek = fixed.value("EKPem");
    fixed.finish();
    JsonFields key = fields.object("AK");
    Bytes area = base64(key.text("Public"), "Public");
    for (String name : List.of("CreateData", "CreateAttestation", "CreateSignature")) {
      base64(key.text(name), name);
    }
    key.bool("UseTCSDActivationFormat");
    key.finish();
    JsonFields quote = fields.object("Quote");
    Bytes message = base64(quote.text("Quote"), "Quote");
    Bytes signature = base64(quote.text("Signature"), "Signature");
    quote.text("Nonce");
    quote.integer("Alg", 0, 0xffff);
    quote.finish();
    JsonFields log = fields.object("Log");
    TreeMap<Long, Bytes> values = new TreeMap<>();
    for (JsonFields pcr : log.objects("PCRs")) {
      long index = pcr.integer("Index", 0, 23);
      Bytes digest = base64(pcr.text("Digest"), "Digest");
      if (pcr.integer("DigestAlg", 0, 0xffff) == SHA256_OF_GO
          && values.put(index, digest) != null) {
        throw new Unreadable("a register is there twice");
      }
      pcr.finish();
    }
    log.integer("PCRAlg", 0, 0xffff);
    base64(log.text("Raw"), "Raw");
    log.finish();
    fields.finish();
    return new QuoteDocuments(
        Optional.of(message),
        Optional.of(signature),
        Optional.of(area),
        Optional.empty(),
        values.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(values.values())),
        endorsement(ek).or(() -> documents.get(EK_CERTIFICATE)));
  }

  private static Optional<Bytes> endorsement(JsonValue pem) {
    return switch (pem) {
      case JsonNull() -> Optional.empty();
      case JsonString(String text) -> {
        List<Pem.Block> blocks =
            Pem.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), "EKPem");
        if (blocks.size() != 1 || !blocks.getFirst().label().equals("CERTIFICATE")) {
          throw new Unreadable("EKPem is not one certificate");
        }
        yield Optional.of(blocks.getFirst().der());
      }
      default -> throw new Unreadable("EKPem is neither text nor null");
    };
  }

  /**
   * Runs a reader of JSON.
   *
   * @throws Unreadable in place of what the reader throws
   */
  public static <T> T guarded(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (WireException e) {
      throw new Unreadable(EVIDENCE + ": " + e.detail());
    }
  }

  /**
   * {@return bytes of base64 in its one form}
   *
   * @throws Unreadable when the text is anything else
   */
  public static Bytes base64(String text, String what) {
    return decode(text, what, Base64.getDecoder(), Base64.getEncoder());
  }

  /**
   * {@return bytes of base64 of either alphabet, with or without padding, in the one form of it}
   *
   * @throws Unreadable when the text is anything else
   */
  public static Bytes anyBase64(String text, String what) {
    boolean padded = text.endsWith("=");
    boolean plain = text.indexOf('+') >= 0 || text.indexOf('/') >= 0;
    Base64.Encoder encoder = plain ? Base64.getEncoder() : Base64.getUrlEncoder();
    return decode(
        text,
        what,
        plain ? Base64.getDecoder() : Base64.getUrlDecoder(),
        padded ? encoder : encoder.withoutPadding());
  }

  private static Bytes decode(
      String text, String what, Base64.Decoder decoder, Base64.Encoder encoder) {
    try {
      byte[] decoded = decoder.decode(text);
      if (encoder.encodeToString(decoded).equals(text)) {
        return Bytes.of(decoded);
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw new Unreadable(what + " is not base64 in its one form");
  }

  /**
   * {@return bytes of hexadecimal text in lower case}
   *
   * @throws Unreadable when the text is anything else
   */
  public static Bytes hex(String text, String what) {
    try {
      byte[] bytes = HexFormat.of().parseHex(text);
      if (HexFormat.of().formatHex(bytes).equals(text)) {
        return Bytes.of(bytes);
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw new Unreadable(what + " is not hexadecimal text in lower case");
  }
}
