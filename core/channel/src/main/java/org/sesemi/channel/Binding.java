package org.sesemi.channel;

import java.util.Optional;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;

/**
 * What a producer says its evidence covers. It proves nothing, because it travels in the clear next
 * to the evidence: the report data is always calculated from what the verifier itself knows of the
 * connection. It lets a refusal tell a replayed, a relayed and a spliced proof apart.
 *
 * @param nonce the verifier's nonce, as the producer received it
 * @param clientKey the digest of the client's key
 * @param serverKey the digest of the server's key
 * @param exporter the digest of the exporter value of the connection
 * @param claims the digest of the claims sent along
 */
record Binding(Bytes nonce, Digest clientKey, Digest serverKey, Digest exporter, Digest claims) {

  static final int MAX_LENGTH = 256;

  static Binding of(
      Bytes nonce,
      IdentityPublicKey clientKey,
      IdentityPublicKey serverKey,
      byte[] exporter,
      byte[] claims) {
    return new Binding(
        nonce,
        Digest.sha256(clientKey.subjectPublicKeyInfo()),
        Digest.sha256(serverKey.subjectPublicKeyInfo()),
        Digest.sha256(exporter),
        Digest.sha256(claims));
  }

  byte[] encode() {
    return CborMap.versioned()
        .put(1, nonce)
        .put(2, clientKey)
        .put(3, serverKey)
        .put(4, exporter)
        .put(5, claims)
        .build()
        .encode();
  }

  static Binding decode(byte[] encoded) {
    CborReader reader = CborReader.versioned(encoded);
    Binding binding =
        new Binding(
            reader.byteString(1, ReportData.NONCE_LENGTH),
            reader.digest(2),
            reader.digest(3),
            reader.digest(4),
            reader.digest(5));
    reader.finish();
    return binding;
  }

  /**
   * Refuses a proof that is about something else.
   *
   * @param said what the producer says
   * @throws ChannelException with {@code channel.evidence-replayed}, {@code
   *     channel.evidence-relayed} or {@code channel.evidence-spliced}
   */
  void require(Binding said) {
    problem(said)
        .ifPresent(
            code -> {
              throw new ChannelException(code, what(code));
            });
  }

  private Optional<Code> problem(Binding said) {
    if (!nonce.equals(said.nonce)) {
      return Optional.of(Code.EVIDENCE_REPLAYED);
    }
    if (!clientKey.equals(said.clientKey)
        || !serverKey.equals(said.serverKey)
        || !exporter.equals(said.exporter)) {
      return Optional.of(Code.EVIDENCE_RELAYED);
    }
    return claims.equals(said.claims) ? Optional.empty() : Optional.of(Code.EVIDENCE_SPLICED);
  }

  private static String what(Code code) {
    return switch (code) {
      case EVIDENCE_REPLAYED -> "the evidence answers a nonce of another exchange";
      case EVIDENCE_RELAYED -> "the evidence was made for a connection between others";
      default -> "the evidence was made for other claims than those that came with it";
    };
  }
}
