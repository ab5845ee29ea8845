package org.sesemi.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.Verification;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.channel.ExchangeMessage.ClientProof;
import org.sesemi.channel.ExchangeMessage.Hello;
import org.sesemi.channel.ExchangeMessage.Outcome;
import org.sesemi.channel.ExchangeMessage.Role;
import org.sesemi.channel.ExchangeMessage.ServerProof;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Frames;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RemoteException;
import org.sesemi.wire.VerificationRecord;
import org.sesemi.wire.WireException;

/**
 * The first exchange on a connection, right after the TLS handshake and before any other byte: four
 * messages after which each side that must prove itself has done so.
 *
 * <pre>
 *   client → server   version, nonce, role
 *   server → client   version, nonce, evidence, claims, binding
 *   client → server   version, evidence (enclaves), claims, binding (enclaves)
 *   server → client   version, accepted or the reason why not
 * </pre>
 *
 * <p>Evidence covers {@link ReportData}: the other side's nonce of this exchange, both TLS keys,
 * the exporter value of this connection, the producer's side and the claims sent along. The {@link
 * Binding} beside it only explains a refusal.
 */
final class FirstExchange {

  private final IdentityPublicKey clientKey;
  private final IdentityPublicKey serverKey;
  private final byte[] exporter;
  private final InputStream in;
  private final OutputStream out;
  private final ChannelOptions options;

  /**
   * Prepares the exchange on a connection.
   *
   * @param clientKey the key in the client's certificate
   * @param serverKey the key in the server's certificate
   * @param exporter the exporter value of the connection
   * @param in what the peer sends
   * @param out what the peer gets
   * @param options clock and random source
   */
  FirstExchange(
      IdentityPublicKey clientKey,
      IdentityPublicKey serverKey,
      byte[] exporter,
      InputStream in,
      OutputStream out,
      ChannelOptions options) {
    this.clientKey = clientKey;
    this.serverKey = serverKey;
    this.exporter = exporter.clone();
    this.in = in;
    this.out = out;
    this.options = options;
  }

  private static FirstExchange on(
      SSLSocket socket,
      IdentityPublicKey clientKey,
      IdentityPublicKey serverKey,
      ChannelOptions options)
      throws IOException {
    return new FirstExchange(
        clientKey,
        serverKey,
        PlainTls.exporter(socket),
        socket.getInputStream(),
        socket.getOutputStream(),
        options);
  }

  /**
   * What a client knows about its server after the exchange.
   *
   * @param claims verified claims
   * @param claimsBytes what the server says about itself
   * @param key the server's key
   * @param record every check
   */
  record Server(
      Claims claims, Bytes claimsBytes, IdentityPublicKey key, VerificationRecord record) {}

  /** The server's side on a connection after its handshake. */
  static Peer asServer(
      SSLSocket socket, ServerIdentity identity, PeerRules rules, ChannelOptions options)
      throws IOException {
    return on(socket, PlainTls.peerKey(socket), identity.key().publicKey(), options)
        .asServer(identity, rules);
  }

  /** The client's side on a connection after its handshake. */
  static Server asClient(
      SSLSocket socket, ClientIdentity identity, ServerPolicy policy, ChannelOptions options)
      throws IOException {
    return on(socket, identity.key().publicKey(), PlainTls.peerKey(socket), options)
        .asClient(identity, policy);
  }

  /** The server's side. A failure is told to the client before it is thrown. */
  Peer asServer(ServerIdentity identity, PeerRules rules) throws IOException {
    try {
      Peer peer = serve(identity, rules);
      write(Outcome.ACCEPTED);
      return peer;
    } catch (CodedException e) {
      write(new Outcome(Optional.of(Problem.of(e))));
      throw e;
    }
  }

  private Peer serve(ServerIdentity identity, PeerRules rules) throws IOException {
    Hello hello = Hello.decode(readFirst());
    boolean served =
        switch (hello.role()) {
          case PARTY -> rules.parties();
          case ENCLAVE -> rules.enclaves().isPresent();
        };
    if (!served) {
      throw new ChannelException(
          Code.ROLE_REFUSED, "this service has nothing for the role " + hello.role().text());
    }
    Bytes nonce = Bytes.random(options.random(), ReportData.NONCE_LENGTH);
    byte[] claims = identity.claims().get();
    Evidence evidence =
        identity.attester().attest(reportData(ReportData.Producer.SERVER, hello.nonce(), claims));
    write(
        new ServerProof(
            nonce, Bytes.of(evidence.encode()), Bytes.of(claims), binding(hello.nonce(), claims)));
    ClientProof proof = ClientProof.decode(read());
    return switch (hello.role()) {
      case PARTY -> party(proof);
      case ENCLAVE -> enclave(proof, nonce, rules.enclaves().orElseThrow());
    };
  }

  private Peer party(ClientProof proof) {
    if (proof.evidence().isPresent()) {
      throw new ChannelException(Code.EVIDENCE_UNEXPECTED, "a party sent evidence");
    }
    if (proof.claims().length() > 0) {
      throw new ChannelException(Code.MALFORMED, "a party sent claims");
    }
    return new Peer.PartyPeer(clientKey);
  }

  private Peer enclave(ClientProof proof, Bytes nonce, EvidenceAppraisal appraisal) {
    Evidence evidence =
        Evidence.decode(
            proof
                .evidence()
                .orElseThrow(
                    () ->
                        new ChannelException(Code.EVIDENCE_MISSING, "an enclave sent no evidence"))
                .toArray());
    proof.binding().ifPresent(binding(nonce, proof.claims().toArray())::require);
    Verification verification =
        appraisal.appraise(
            evidence,
            reportData(ReportData.Producer.CLIENT, nonce, proof.claims().toArray()),
            options.clock().instant());
    return new Peer.EnclavePeer(
        verification.require(), proof.claims(), clientKey, verification.record());
  }

  /** The client's side. */
  Server asClient(ClientIdentity identity, ServerPolicy policy) throws IOException {
    Bytes nonce = Bytes.random(options.random(), ReportData.NONCE_LENGTH);
    Role role =
        switch (identity) {
          case ClientIdentity.Party _ -> Role.PARTY;
          case ClientIdentity.Enclave _ -> Role.ENCLAVE;
        };
    write(new Hello(nonce, role));
    byte[] answer = read();
    Optional<Problem> refusal = ExchangeMessage.refusal(answer);
    if (refusal.isPresent()) {
      throw new ChannelException(
          Code.REFUSED, "the peer, not verified yet, refuses with " + refusal.get().code());
    }
    ServerProof proof = ServerProof.decode(answer);
    Server server = judge(proof, nonce, policy);
    write(
        switch (identity) {
          case ClientIdentity.Party _ -> ClientProof.ofParty();
          case ClientIdentity.Enclave(var _, var attester, var claims) ->
              new ClientProof(
                  Optional.of(
                      Bytes.of(
                          attester
                              .attest(
                                  reportData(
                                      ReportData.Producer.CLIENT, proof.nonce(), claims.toArray()))
                              .encode())),
                  claims,
                  Optional.of(binding(proof.nonce(), claims.toArray())));
        });
    Optional<Problem> problem = Outcome.decode(read()).problem();
    if (problem.isPresent()) {
      throw new RemoteException(problem.get());
    }
    return server;
  }

  private Server judge(ServerProof proof, Bytes nonce, ServerPolicy policy) {
    binding(nonce, proof.claims().toArray()).require(proof.binding());
    Verification verification =
        policy
            .appraisal()
            .appraise(
                Evidence.decode(proof.evidence().toArray()),
                reportData(ReportData.Producer.SERVER, nonce, proof.claims().toArray()),
                options.clock().instant());
    Claims claims = verification.require();
    List<Check> checks = policy.claimsCheck().check(claims, proof.claims());
    if (checks.isEmpty()) {
      return new Server(claims, proof.claims(), serverKey, verification.record());
    }
    VerificationRecord record = verification.record().and(new VerificationRecord("claims", checks));
    if (!record.accepted()) {
      throw new ChannelException(
          Code.CLAIMS_REFUSED,
          record.failing().map(Check::reason).orElse("the claims are not acceptable"),
          record);
    }
    return new Server(claims, proof.claims(), serverKey, record);
  }

  /** What evidence on this connection covers, besides the side that makes it. */
  private Binding binding(Bytes peerNonce, byte[] claims) {
    return Binding.of(peerNonce, clientKey, serverKey, exporter, claims);
  }

  private byte[] reportData(ReportData.Producer producer, Bytes peerNonce, byte[] claims) {
    return ReportData.of(producer, peerNonce.toArray(), clientKey, serverKey, exporter, claims);
  }

  private void write(ExchangeMessage message) throws IOException {
    byte[] encoded = message.encode();
    if (encoded.length > ExchangeMessage.MAX_LENGTH) {
      throw new AttestationException(
          AttestationException.Code.MALFORMED, "evidence and claims are too long to be sent");
    }
    Frames.write(out, encoded);
  }

  /** Reads a message, or tells that the peer speaks HTTP: no frame begins with a letter. */
  private byte[] readFirst() throws IOException {
    PushbackInputStream peeking = new PushbackInputStream(in, 1);
    int first = peeking.read();
    if (first >= 'A' && first <= 'Z') {
      throw new ChannelException(Code.NOT_ATTESTED, "the client sent something before it attested");
    }
    if (first >= 0) {
      peeking.unread(first);
    }
    return read(peeking);
  }

  private byte[] read() throws IOException {
    return read(in);
  }

  private static byte[] read(InputStream from) throws IOException {
    try {
      return Frames.read(from, ExchangeMessage.MAX_LENGTH)
          .orElseThrow(
              () -> new ChannelException(Code.CUT, "the connection ended in the first exchange"));
    } catch (WireException e) {
      throw Failures.ofFrame(e);
    }
  }
}
