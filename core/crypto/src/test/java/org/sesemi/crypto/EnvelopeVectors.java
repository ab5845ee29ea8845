package org.sesemi.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.crypto.VectorFile.Case;
import org.sesemi.crypto.VectorFile.Refused;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.SealedRequestHeader;
import org.sesemi.wire.VersionRule;
import org.sesemi.wire.WireException;

/** Vectors of sealed requests, of their sealed responses and of whole answers. */
final class EnvelopeVectors {

  private static final Bytes REQUEST_ID = Fixed.run(0x50, RequestId.LENGTH);
  private static final Bytes SALT = Fixed.run(0x11, 32);
  private static final Bytes COMMITMENT_SALT = Fixed.run(0x77, 32);
  private static final Bytes RESPONSE_SALT = Fixed.run(0x22, 32);
  private static final Bytes RESPONSE_COMMITMENT_SALT = Fixed.run(0x99, 32);
  private static final String MALFORMED = "envelope.malformed";
  private static final String VERSION = "envelope.version-unknown";
  private static final String TAMPERED = "envelope.tampered";

  /** Header bytes begin with map head and key 0, behind magic, version and length. */
  private static final int HEADER_VERSION = 4 + 2 + 4 + 2;

  private static final OipBody JSON =
      OipBody.json(
          "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1.5,-2]}]}"
              .getBytes(UTF_8));
  private static final OipBody BINARY = binary();
  private static final OipBody EMPTY = OipBody.json(new byte[0]);

  private EnvelopeVectors() {}

  static List<VectorFile> all() {
    return List.of(request(), response(), answer());
  }

  private static OipBody binary() {
    byte[] json =
        ("{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":8}}]}")
            .getBytes(UTF_8);
    ByteBuffer body = ByteBuffer.allocate(json.length + 8);
    body.put(json).put(Bytes.parse("0000c03f000000c0").toBuffer());
    return new OipBody(body.flip(), json.length);
  }

  private static PendingRequest ask(
      VersionRule rule,
      RequestContent.Operation operation,
      IsolationLevel isolation,
      OipBody body) {
    return new RequestSealer(
            CryptoProvider.jdk(),
            Fixed.script(REQUEST_ID, SALT, COMMITMENT_SALT),
            InstantSource.fixed(Fixed.NOW))
        .seal(
            Fixed.REQUEST_KEY,
            new RequestSealer.Question(
                Fixed.USER.id(), Fixed.MODEL, rule, operation, 1, isolation, body));
  }

  private static PendingRequest ask() {
    return ask(
        new VersionRule.Current(), RequestContent.Operation.INFER, IsolationLevel.SHARED, JSON);
  }

  private static VectorFile request() {
    Bytes sealed = Fixed.bytes(ask().envelope());
    List<Refused> refused = new ArrayList<>();
    refused.add(new Refused("outer format version 2", Fixed.with(sealed, 5, 2), VERSION));
    refused.add(
        new Refused("header format version 2", Fixed.with(sealed, HEADER_VERSION, 2), VERSION));
    refused.add(new Refused("content format version 2", sealedContent(2), VERSION));
    refused.add(new Refused("magic of a response", Fixed.with(sealed, 3, 'S'), MALFORMED));
    refused.add(
        new Refused(
            "last byte flipped",
            Fixed.with(sealed, sealed.length() - 1, ~sealed.toArray()[sealed.length() - 1]),
            TAMPERED));
    refused.add(new Refused("one byte more", Bytes.parse(sealed.hex() + "00"), MALFORMED));
    return new VectorFile(
        "sealed-request",
        "sealed-request",
        List.of(
            requestCase("JSON body", ask(), JSON),
            requestCase(
                "binary body, exact version",
                ask(
                    new VersionRule.Exactly(3),
                    RequestContent.Operation.INFER,
                    IsolationLevel.EXCLUSIVE,
                    BINARY),
                BINARY),
            requestCase(
                "metadata, empty body, least version",
                ask(
                    new VersionRule.AtLeast(2),
                    RequestContent.Operation.METADATA,
                    IsolationLevel.SEQUENTIAL,
                    EMPTY),
                EMPTY)),
        refused,
        EnvelopeVectors::describeRequest);
  }

  /** A request whose seal is good and whose content has another format version. */
  private static Bytes sealedContent(int version) {
    PendingRequest good = ask();
    CborMap.Around content =
        CborMap.builder()
            .put(0, version)
            .put(1, "infer")
            .put(2, 1)
            .put(3, "shared")
            .put(4, COMMITMENT_SALT)
            .put(6, -1)
            .around(5, 0);
    return Fixed.bytes(
        SealedContent.seal(
            CryptoProvider.jdk(),
            EnvelopeFrame.Kind.REQUEST,
            good.header().encode(),
            EnvelopeKeys.request(Fixed.REQUEST_KEY, SALT),
            content,
            ByteBuffer.allocate(0)));
  }

  private static Case requestCase(String name, PendingRequest pending, OipBody body) {
    Bytes keys = Bytes.of(EnvelopeKeys.request(Fixed.REQUEST_KEY, SALT));
    EnvelopeFrame frame = EnvelopeFrame.decode(EnvelopeFrame.Kind.REQUEST, pending.envelope());
    JsonObject given =
        JsonObject.builder()
            .put("requestKeyId", Fixed.REQUEST_KEY.id().hex())
            .put("requestKey", Fixed.secret(Fixed.REQUEST_KEY.secret()))
            .build();
    JsonObject derived =
        derived(keys, frame)
            .put("requestDigest", pending.digest().hex())
            .put("requestCommitment", pending.commitment().hex())
            .put("bodyText", body.binary() ? "" : UTF_8.decode(body.bytes()).toString())
            .build();
    Bytes encoded = Fixed.bytes(pending.envelope());
    return new Case(
        name, given, describeRequest(JsonFields.of(given), encoded.toArray()), derived, encoded);
  }

  private static JsonObject.Builder derived(Bytes keys, EnvelopeFrame frame) {
    SealedContent.Opened opened =
        SealedContent.open(CryptoProvider.jdk(), frame, keys.toArray(), ByteBuffer::allocate);
    return JsonObject.builder()
        .put("header", Fixed.bytes(frame.header()).hex())
        .put("associatedData", Fixed.bytes(frame.associatedData()).hex())
        .put("key", keys.hex().substring(0, 64))
        .put("nonce", keys.hex().substring(64))
        .put("content", Fixed.bytes(opened.content()).hex())
        .put("plaintext", Fixed.bytes(opened.plain()).hex());
  }

  private static RequestKey key(JsonFields given) {
    return RequestKey.of(
        new KeyId(VectorFile.hex(given, "requestKeyId")),
        SecretBytes.takeOver(VectorFile.hex(given, "requestKey").toArray()));
  }

  private static JsonObject describeRequest(JsonFields given, byte[] encoded) {
    try (OpenedRequest opened =
        new RequestOpener(CryptoProvider.jdk()).open(ByteBuffer.wrap(encoded), key(given))) {
      SealedRequestHeader header = opened.header();
      RequestContent content = opened.content();
      return JsonObject.builder()
          .put("user", header.user().toString())
          .put("model", header.model().text())
          .put("versionRule", header.versionRule().text())
          .put("requestKeyId", header.requestKey().hex())
          .put("requestId", header.requestId().hex())
          .put("time", header.time().toEpochMilli())
          .put("salt", header.salt().hex())
          .put("operation", content.operation().text())
          .put("epoch", content.epoch())
          .put("isolation", content.isolation().text())
          .put("commitmentSalt", content.commitmentSalt().hex())
          .put("body", Fixed.bytes(content.body().bytes()).hex())
          .put("jsonHeaderLength", content.body().jsonHeaderLength())
          .build();
    }
  }

  private static ByteBuffer respond(ByteBuffer request, ResponseContent content) {
    try (OpenedRequest opened =
        new RequestOpener(CryptoProvider.jdk()).open(request, Fixed.REQUEST_KEY)) {
      return new ResponseSealer(
              CryptoProvider.jdk(), Fixed.script(RESPONSE_SALT), Fixed.MEASUREMENT, Fixed.CONFIG)
          .seal(opened, opened.digest(), Fixed.MANIFEST, Fixed.VERSION, content);
    }
  }

  private static final ResponseContent OK =
      new ResponseContent(
          RESPONSE_COMMITMENT_SALT,
          OipBody.json(
              ("{\"model_name\":\"wdbc-forest\",\"outputs\":[{\"name\":\"y\",\"shape\":[1],"
                      + "\"datatype\":\"INT64\",\"data\":[1]}]}")
                  .getBytes(UTF_8)),
          Optional.empty());

  private static VectorFile response() {
    Bytes sealed = Fixed.bytes(respond(ask().envelope(), OK));
    ResponseContent problem =
        new ResponseContent(
            RESPONSE_COMMITMENT_SALT,
            EMPTY,
            Optional.of(
                Problem.of(WireException.Code.JSON_MALFORMED, "the body is not JSON")
                    .withRequestId(new RequestId(REQUEST_ID))));
    return new VectorFile(
        "sealed-response",
        "sealed-response",
        List.of(
            responseCase("an answer", OK),
            responseCase("a problem that only the user reads", problem)),
        List.of(
            new Refused("outer format version 2", Fixed.with(sealed, 5, 2), VERSION),
            new Refused("header format version 2", Fixed.with(sealed, HEADER_VERSION, 2), VERSION),
            new Refused("content format version 2", responseContent(2), VERSION),
            new Refused(
                "another request id", Fixed.with(sealed, 4 + 2 + 4 + 5, 0), "response.unexpected"),
            new Refused("magic of a request", Fixed.with(sealed, 3, 'Q'), MALFORMED)),
        EnvelopeVectors::describeResponse);
  }

  private static Bytes responseContent(int version) {
    EnvelopeFrame frame =
        EnvelopeFrame.decode(EnvelopeFrame.Kind.RESPONSE, respond(ask().envelope(), OK));
    CborMap.Around content =
        CborMap.builder()
            .put(0, version)
            .put(1, "ok")
            .put(2, RESPONSE_COMMITMENT_SALT)
            .put(4, -1)
            .around(3, 0);
    return Fixed.bytes(
        SealedContent.seal(
            CryptoProvider.jdk(),
            EnvelopeFrame.Kind.RESPONSE,
            Fixed.bytes(frame.header()).toArray(),
            EnvelopeKeys.response(Fixed.REQUEST_KEY, SALT, ResponseHeader.decode(frame.header())),
            content,
            ByteBuffer.allocate(0)));
  }

  private static Case responseCase(String name, ResponseContent content) {
    PendingRequest pending = ask();
    ByteBuffer sealed = respond(pending.envelope(), content);
    EnvelopeFrame frame = EnvelopeFrame.decode(EnvelopeFrame.Kind.RESPONSE, sealed);
    Bytes keys =
        Bytes.of(
            EnvelopeKeys.response(Fixed.REQUEST_KEY, SALT, ResponseHeader.decode(frame.header())));
    JsonObject given =
        JsonObject.builder()
            .put("requestKeyId", Fixed.REQUEST_KEY.id().hex())
            .put("requestKey", Fixed.secret(Fixed.REQUEST_KEY.secret()))
            .put("request", Fixed.bytes(pending.envelope()).hex())
            .build();
    PendingRequest.Answer answer = pending.open(sealed);
    JsonObject derived =
        derived(keys, frame)
            .put("responseDigest", answer.responseDigest().hex())
            .put("responseCommitment", answer.responseCommitment().hex())
            .build();
    Bytes encoded = Fixed.bytes(sealed);
    return new Case(
        name, given, describeResponse(JsonFields.of(given), encoded.toArray()), derived, encoded);
  }

  /** Rebuilds the waiting side from the request's bytes, as a client that kept them would. */
  private static JsonObject describeResponse(JsonFields given, byte[] encoded) {
    RequestKey key = key(given);
    ByteBuffer request = VectorFile.hex(given, "request").toBuffer();
    PendingRequest pending;
    try (OpenedRequest opened = new RequestOpener(CryptoProvider.jdk()).open(request, key)) {
      pending =
          new PendingRequest(
              CryptoProvider.jdk(),
              key,
              opened.header(),
              request,
              opened.digest(),
              Digest.sha256(new byte[0]),
              opened.content().commitmentSalt());
    }
    PendingRequest.Answer answer = pending.open(ByteBuffer.wrap(encoded));
    ResponseHeader header = answer.header();
    ResponseContent content = answer.content();
    return JsonObject.builder()
        .put("requestId", header.requestId().hex())
        .put("salt", header.salt().hex())
        .put("requestDigest", header.requestDigest().hex())
        .put("measurement", header.measurement().hex())
        .put("configDigest", header.configDigest().hex())
        .put("manifestDigest", header.manifestDigest().hex())
        .put("modelVersion", header.modelVersion())
        .put("outcome", content.outcome())
        .put("commitmentSalt", content.commitmentSalt().hex())
        .put("body", Fixed.bytes(content.body().bytes()).hex())
        .put("jsonHeaderLength", content.body().jsonHeaderLength())
        .putIfPresent(
            "problem", content.problem().map(problem -> new String(problem.encode(), UTF_8)))
        .build();
  }

  /** A whole exchange: its receipt verifies against the genesis of the other vectors. */
  private static VectorFile answer() {
    PendingRequest pending = ask();
    ByteBuffer sealed = respond(pending.envelope(), OK);
    PendingRequest.Answer opened = pending.open(sealed);
    Receipt receipt =
        new Receipt(
            pending.digest(),
            opened.responseDigest(),
            pending.commitment(),
            opened.responseCommitment(),
            Fixed.MODEL,
            Fixed.VERSION,
            Fixed.MANIFEST,
            Receipt.ORIGINAL,
            Fixed.MEASUREMENT,
            Fixed.CONFIG,
            Fixed.NOW,
            IsolationLevel.SHARED,
            Fixed.GENESIS.clusterId(),
            1,
            Fixed.USER.id(),
            new RequestId(REQUEST_ID),
            ResponseContent.OK);
    SealedAnswer answer =
        new SealedAnswer(
            sealed,
            Signed.sign(Signed.Label.RECEIPT, receipt.encode(), Fixed.INSTANCE),
            Signed.sign(Signed.Label.INSTANCE, ReceiptVectors.CERTIFICATE.encode(), Fixed.CLUSTER));
    JsonObject given =
        JsonObject.builder()
            .put("genesis", Bytes.of(Fixed.GENESIS.encode()).hex())
            .put("clusterId", Fixed.GENESIS.clusterId().hex())
            .put("requestDigest", pending.digest().hex())
            .put("requestCommitment", pending.commitment().hex())
            .put("responseCommitment", opened.responseCommitment().hex())
            .build();
    Bytes encoded = Fixed.bytes(answer.encode());
    return new VectorFile(
        "sealed-answer",
        "sealed-answer",
        List.of(
            new Case(
                "of the first cases of sealed-request and sealed-response",
                given,
                describeAnswer(JsonFields.of(given), encoded.toArray()),
                Fixed.none(),
                encoded)),
        ReceiptVectors.versions(encoded, VERSION),
        EnvelopeVectors::describeAnswer);
  }

  private static JsonObject describeAnswer(JsonFields given, byte[] encoded) {
    SealedAnswer answer = SealedAnswer.decode(ByteBuffer.wrap(encoded));
    boolean accepted =
        ReceiptVerifier.verify(
                VectorFile.hex(given, "genesis").toArray(),
                answer.receipt(),
                answer.certificate(),
                new ReceiptVerifier.Expected(
                    Digest.parse(given.text("clusterId")),
                    Optional.of(Digest.parse(given.text("requestDigest"))),
                    Optional.of(Digest.sha256(answer.response())),
                    Optional.of(Digest.parse(given.text("requestCommitment"))),
                    Optional.of(Digest.parse(given.text("responseCommitment")))))
            .accepted();
    return JsonObject.builder()
        .put("response", Fixed.bytes(answer.response()).hex())
        .put("receipt", Bytes.of(answer.receipt().encode()).hex())
        .put("certificate", Bytes.of(answer.certificate().encode()).hex())
        .put("accepted", accepted)
        .build();
  }
}
