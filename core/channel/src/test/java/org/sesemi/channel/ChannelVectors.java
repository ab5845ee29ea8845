package org.sesemi.channel;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.sesemi.channel.ExchangeMessage.ClientProof;
import org.sesemi.channel.ExchangeMessage.Hello;
import org.sesemi.channel.ExchangeMessage.Outcome;
import org.sesemi.channel.ExchangeMessage.Role;
import org.sesemi.channel.ExchangeMessage.ServerProof;
import org.sesemi.channel.VectorFile.Case;
import org.sesemi.channel.VectorFile.Refused;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.Problem;

/** Vectors of the certificate, of the first exchange and of what its evidence covers. */
final class ChannelVectors {

  private static final Bytes CLIENT_SEED = run(0x00, IdentityKey.SEED_LENGTH);
  private static final Bytes SERVER_SEED = run(0x40, IdentityKey.SEED_LENGTH);
  private static final Bytes CLIENT_NONCE = run(0x80, ReportData.NONCE_LENGTH);
  private static final Bytes SERVER_NONCE = run(0xA0, ReportData.NONCE_LENGTH);
  private static final Bytes EXPORTER = run(0xC0, PlainTls.EXPORTER_LENGTH);
  private static final Bytes CLAIMS = Bytes.parse("a1000101");
  private static final Bytes EVIDENCE = Bytes.parse("e0e1e2e3");
  private static final String VERSION = "channel.version-unknown";
  private static final String MALFORMED = "channel.malformed";

  private ChannelVectors() {}

  static List<VectorFile> all() {
    return List.of(certificate(), reportData(), hello(), serverProof(), clientProof(), outcome());
  }

  private static Bytes run(int first, int length) {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at++) {
      bytes[at] = (byte) (first + at);
    }
    return Bytes.of(bytes);
  }

  private static IdentityKey key(Bytes seed) {
    return IdentityKey.ofSeed(SecretBytes.takeOver(seed.toArray()));
  }

  private static JsonObject none() {
    return JsonObject.builder().build();
  }

  /** The second byte of the value of key 0, which is the format version. */
  private static Bytes versioned(Bytes message, int version) {
    byte[] changed = message.toArray();
    changed[2] = (byte) version;
    return Bytes.of(changed);
  }

  private static List<Refused> refused(Bytes message) {
    return List.of(
        new Refused("format version 0", versioned(message, 0), VERSION),
        new Refused("format version 2", versioned(message, 2), VERSION),
        new Refused("one byte more", Bytes.parse(message.hex() + "00"), MALFORMED));
  }

  private static VectorFile certificate() {
    IdentityKey key = key(CLIENT_SEED);
    Bytes encoded = Bytes.of(PlainCertificate.of(key));
    return new VectorFile(
        "certificate",
        "attested-channel",
        List.of(
            new Case(
                "the certificate of a key",
                none(),
                describeCertificate(encoded.toArray()),
                JsonObject.builder().put("seed", CLIENT_SEED.hex()).build(),
                encoded)),
        List.of(),
        (_, bytes) -> describeCertificate(bytes));
  }

  private static JsonObject describeCertificate(byte[] encoded) {
    try {
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509", "SUN")
                  .generateCertificate(new ByteArrayInputStream(encoded));
      return JsonObject.builder()
          .put("publicKey", PlainCertificate.keyOf(parsed).toString())
          .put("subject", parsed.getSubjectX500Principal().getName())
          .put("serialNumber", parsed.getSerialNumber().toString())
          .put("notBefore", parsed.getNotBefore().toInstant().toString())
          .put("notAfter", parsed.getNotAfter().toInstant().toString())
          .build();
    } catch (GeneralSecurityException refused) {
      throw new IllegalStateException(refused);
    }
  }

  private static VectorFile reportData() {
    return new VectorFile(
        "report-data",
        "attested-channel",
        List.of(
            reportDataCase("server", CLIENT_NONCE, CLAIMS),
            reportDataCase("client", SERVER_NONCE, Bytes.empty())),
        List.of(),
        ChannelVectors::covered);
  }

  private static Case reportDataCase(String producer, Bytes peerNonce, Bytes claims) {
    JsonObject given =
        JsonObject.builder()
            .put("producer", producer)
            .put("peerNonce", peerNonce.hex())
            .put("clientKey", key(CLIENT_SEED).publicKey().toString())
            .put("serverKey", key(SERVER_SEED).publicKey().toString())
            .put("exporter", EXPORTER.hex())
            .put("claims", claims.hex())
            .build();
    byte[] encoded = reportData(JsonFields.of(given));
    return new Case(
        "evidence of the " + producer,
        given,
        covered(JsonFields.of(given), encoded),
        none(),
        Bytes.of(encoded));
  }

  private static byte[] reportData(JsonFields given) {
    return ReportData.of(
        given.text("producer").equals("server")
            ? ReportData.Producer.SERVER
            : ReportData.Producer.CLIENT,
        VectorFile.hex(given, "peerNonce").toArray(),
        new IdentityPublicKey(VectorFile.hex(given, "clientKey")),
        new IdentityPublicKey(VectorFile.hex(given, "serverKey")),
        VectorFile.hex(given, "exporter").toArray(),
        VectorFile.hex(given, "claims").toArray());
  }

  /** Report data is a digest: reading it means to make it again. */
  private static JsonObject covered(JsonFields given, byte[] encoded) {
    return JsonObject.builder()
        .put("covers", HexFormat.of().formatHex(encoded).equals(hex(reportData(given))))
        .build();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static VectorFile hello() {
    return exchange(
        "first-exchange-hello",
        List.of(new Hello(CLIENT_NONCE, Role.PARTY), new Hello(CLIENT_NONCE, Role.ENCLAVE)),
        bytes -> {
          Hello hello = Hello.decode(bytes);
          return JsonObject.builder()
              .put("nonce", hello.nonce().hex())
              .put("role", hello.role().text())
              .build();
        });
  }

  private static VectorFile serverProof() {
    return exchange(
        "first-exchange-server",
        List.of(new ServerProof(SERVER_NONCE, EVIDENCE, CLAIMS, binding(CLIENT_NONCE, CLAIMS))),
        bytes -> {
          ServerProof proof = ServerProof.decode(bytes);
          return JsonObject.builder()
              .put("nonce", proof.nonce().hex())
              .put("evidence", proof.evidence().hex())
              .put("claims", proof.claims().hex())
              .put("binding", describe(proof.binding()))
              .build();
        });
  }

  private static Binding binding(Bytes nonce, Bytes claims) {
    return Binding.of(
        nonce,
        key(CLIENT_SEED).publicKey(),
        key(SERVER_SEED).publicKey(),
        EXPORTER.toArray(),
        claims.toArray());
  }

  private static JsonObject describe(Binding binding) {
    return JsonObject.builder()
        .put("nonce", binding.nonce().hex())
        .put("clientKey", binding.clientKey().hex())
        .put("serverKey", binding.serverKey().hex())
        .put("exporter", binding.exporter().hex())
        .put("claims", binding.claims().hex())
        .build();
  }

  private static VectorFile clientProof() {
    return exchange(
        "first-exchange-client",
        List.of(
            ClientProof.ofParty(),
            new ClientProof(
                Optional.of(EVIDENCE), CLAIMS, Optional.of(binding(SERVER_NONCE, CLAIMS)))),
        bytes -> {
          ClientProof proof = ClientProof.decode(bytes);
          return JsonObject.builder()
              .put("evidence", proof.evidence().map(Bytes::hex).orElse("absent"))
              .put("claims", proof.claims().hex())
              .put(
                  "binding",
                  proof.binding().<JsonValue>map(ChannelVectors::describe).orElse(none()))
              .build();
        });
  }

  private static VectorFile outcome() {
    Problem why =
        Problem.of(new ChannelException(ChannelException.Code.ROLE_REFUSED, "no such role"));
    return exchange(
        "first-exchange-outcome",
        List.of(Outcome.ACCEPTED, new Outcome(Optional.of(why))),
        bytes ->
            JsonObject.builder()
                .put(
                    "refused",
                    Outcome.decode(bytes).problem().map(Problem::code).orElse("accepted"))
                .build());
  }

  /** Decodes one message and describes it. */
  private interface Reader {
    JsonObject read(byte[] encoded);
  }

  private static VectorFile exchange(
      String name, List<? extends ExchangeMessage> messages, Reader reader) {
    List<Case> cases =
        messages.stream()
            .map(ExchangeMessage::encode)
            .map(
                encoded ->
                    new Case(
                        "message of " + encoded.length + " bytes",
                        none(),
                        reader.read(encoded),
                        none(),
                        Bytes.of(encoded)))
            .toList();
    return new VectorFile(
        name,
        "attested-channel",
        cases,
        refused(cases.getFirst().encoded()),
        (_, encoded) -> reader.read(encoded));
  }
}
