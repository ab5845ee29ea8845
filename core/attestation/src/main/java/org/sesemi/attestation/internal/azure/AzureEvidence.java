package org.sesemi.attestation.internal.azure;

import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.tpm.QuoteDocuments;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;

/**
 * The evidence of an Azure machine as its attesters write it: one JSON document, alone or wrapped
 * together with the name of the platform.
 *
 * @param platform the platform that the wrapper names
 * @param message the quote
 * @param signature its bare RSASSA signature; the layout has no place for another scheme
 * @param pcrs the register values in the order of the selection
 * @param hclReport the report of the paravisor
 * @param vcek the endorsement key's certificate of an AMD machine
 * @param tdQuote the quote of an Intel machine
 */
record AzureEvidence(
    Optional<String> platform,
    Bytes message,
    Bytes signature,
    List<Bytes> pcrs,
    Bytes hclReport,
    Optional<Bytes> vcek,
    Optional<Bytes> tdQuote) {

  private static final int HIGHEST_VERSION = 2;

  AzureEvidence {
    pcrs = List.copyOf(pcrs);
  }

  static boolean recognised(Documents documents) {
    return QuoteDocuments.json(documents).map(AzureEvidence::inner).stream()
        .anyMatch(
            object -> object.get("hcl_report").isPresent() && object.get("tpm_quote").isPresent());
  }

  private static JsonObject inner(JsonObject object) {
    return object.get("evidence").orElse(object) instanceof JsonObject nested ? nested : object;
  }

  /**
   * Reads the evidence.
   *
   * @throws Unreadable when it has another form or unknown members
   */
  static AzureEvidence read(Documents documents) {
    JsonObject object =
        QuoteDocuments.json(documents)
            .orElseThrow(
                () -> new Unreadable(QuoteDocuments.EVIDENCE + " is missing or no JSON object"));
    return QuoteDocuments.guarded(() -> read(JsonFields.of(object)));
  }

  private static AzureEvidence read(JsonFields fields) {
    if (!fields.has("evidence")) {
      return read(Optional.empty(), fields);
    }
    String platform = fields.text("platform");
    AzureEvidence evidence = read(Optional.of(platform), fields.object("evidence"));
    fields.finish();
    return evidence;
  }

  private static AzureEvidence read(Optional<String> platform, JsonFields fields) {
    fields.integer("version", 1, HIGHEST_VERSION);
    JsonFields quote = fields.object("tpm_quote");
    AzureEvidence evidence =
        new AzureEvidence(
            platform,
            QuoteDocuments.hex(quote.text("message"), "message"),
            QuoteDocuments.hex(quote.text("signature"), "signature"),
            quote.texts("pcrs").stream().map(text -> QuoteDocuments.hex(text, "pcrs")).toList(),
            QuoteDocuments.anyBase64(fields.text("hcl_report"), "hcl_report"),
            fields.optionalText("vcek").map(text -> QuoteDocuments.anyBase64(text, "vcek")),
            fields
                .optionalText("td_quote")
                .map(text -> QuoteDocuments.anyBase64(text, "td_quote")));
    quote.finish();
    fields.finish();
    return evidence;
  }
}
