package org.sesemi.sdk;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sesemi.crypto.CryptoException;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.crypto.Receipt;
import org.sesemi.crypto.ReceiptVerifier;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.WireException;

/**
 * A receipt with all that is needed to verify it offline: the genesis statement that names the
 * cluster's key, the instance's certificate, and what this client computed itself about the
 * exchange. The salts let their holder prove what request and response said.
 *
 * @param genesis the bytes of the cluster's genesis statement
 * @param receipt the signed receipt
 * @param certificate the signed certificate of the instance
 * @param requestDigest the digest of the sealed request that was sent
 * @param responseDigest the digest of the sealed response that came
 * @param requestCommitment the commitment to the plain request
 * @param responseCommitment the commitment to the plain response
 * @param requestSalt the salt of the first commitment
 * @param responseSalt the salt of the second commitment
 */
public record ReceiptBundle(
    Bytes genesis,
    Signed receipt,
    Signed certificate,
    Digest requestDigest,
    Digest responseDigest,
    Digest requestCommitment,
    Digest responseCommitment,
    Bytes requestSalt,
    Bytes responseSalt) {

  private static final String API_VERSION = "sesemi/v1";
  private static final String KIND = "Receipt";
  private static final int SALT_LENGTH = 32;

  /** Checks that everything is there. */
  public ReceiptBundle {
    requireNonNull(genesis, "genesis");
    requireNonNull(receipt, "receipt");
    requireNonNull(certificate, "certificate");
    requireNonNull(requestDigest, "requestDigest");
    requireNonNull(responseDigest, "responseDigest");
    requireNonNull(requestCommitment, "requestCommitment");
    requireNonNull(responseCommitment, "responseCommitment");
    if (requestSalt.length() != SALT_LENGTH || responseSalt.length() != SALT_LENGTH) {
      throw new WireException(WireException.Code.JSON_UNEXPECTED, "a salt has 32 bytes");
    }
  }

  static ReceiptBundle of(
      Bytes genesis,
      Signed receipt,
      Signed certificate,
      PendingRequest request,
      PendingRequest.Answer answer) {
    return new ReceiptBundle(
        genesis,
        receipt,
        certificate,
        request.digest(),
        answer.responseDigest(),
        request.commitment(),
        answer.responseCommitment(),
        request.commitmentSalt(),
        answer.content().commitmentSalt());
  }

  /** {@return what the receipt says, whether or not it is true} */
  public Receipt claimed() {
    return Receipt.decode(receipt.unverifiedPayload());
  }

  /** {@return the request that the receipt says it is for} */
  public RequestId requestId() {
    return claimed().requestId();
  }

  /** {@return what the receipt says, in words, whether or not it is true} */
  public Map<String, String> facts() {
    Receipt said = claimed();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("request", said.requestId().hex());
    facts.put("model", said.model().text());
    facts.put("version", "" + said.modelVersion());
    facts.put("manifest", said.manifestDigest().hex());
    facts.put("form", said.form());
    facts.put("measurement", said.measurement().hex());
    facts.put("configuration", said.configDigest().hex());
    facts.put("cluster", said.clusterId().hex());
    facts.put("epoch", "" + said.epoch());
    facts.put("user", said.user().hex());
    facts.put("isolation", said.isolation().text());
    facts.put("time", said.time().toString());
    facts.put("outcome", said.outcome());
    return facts;
  }

  ReceiptVerifier.Expected expected(Digest cluster) {
    return new ReceiptVerifier.Expected(
        cluster,
        Optional.of(requestDigest),
        Optional.of(responseDigest),
        Optional.of(requestCommitment),
        Optional.of(responseCommitment));
  }

  /** {@return the form of files} */
  public JsonObject json() {
    return JsonObject.builder()
        .put("apiVersion", API_VERSION)
        .put("kind", KIND)
        .put("genesis", text(genesis.toArray()))
        .put("receipt", text(receipt.encode()))
        .put("certificate", text(certificate.encode()))
        .put("requestDigest", requestDigest.hex())
        .put("responseDigest", responseDigest.hex())
        .put("requestCommitment", requestCommitment.hex())
        .put("responseCommitment", responseCommitment.hex())
        .put("requestSalt", requestSalt.hex())
        .put("responseSalt", responseSalt.hex())
        .build();
  }

  /**
   * Reads the form of files.
   *
   * @param json the document
   * @return the bundle, not verified
   * @throws SdkException with {@code receipt.malformed} when it is anything else
   */
  public static ReceiptBundle read(JsonObject json) {
    try {
      JsonFields fields = JsonFields.of(json);
      if (!fields.text("apiVersion").equals(API_VERSION) || !fields.text("kind").equals(KIND)) {
        throw new SdkException(
            SdkException.Code.RECEIPT_MALFORMED, "not a receipt of a known version");
      }
      ReceiptBundle bundle =
          new ReceiptBundle(
              Bytes.of(bytes(fields.text("genesis"))),
              Signed.decode(bytes(fields.text("receipt"))),
              Signed.decode(bytes(fields.text("certificate"))),
              Digest.parse(fields.text("requestDigest")),
              Digest.parse(fields.text("responseDigest")),
              Digest.parse(fields.text("requestCommitment")),
              Digest.parse(fields.text("responseCommitment")),
              Bytes.parse(fields.text("requestSalt")),
              Bytes.parse(fields.text("responseSalt")));
      fields.finish();
      var _ = bundle.claimed();
      return bundle;
    } catch (WireException | CryptoException | IllegalArgumentException e) {
      throw new SdkException(
          SdkException.Code.RECEIPT_MALFORMED,
          "not a receipt: " + (e.getMessage() == null ? "malformed" : e.getMessage()),
          e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    // The decoder ignores the bits behind the last byte; one receipt has one text.
    if (!text(bytes).equals(text)) {
      throw new IllegalArgumentException("not the one base64url text of its bytes");
    }
    return bytes;
  }
}
