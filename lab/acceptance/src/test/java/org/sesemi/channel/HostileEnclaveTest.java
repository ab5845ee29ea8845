package org.sesemi.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.attestation.SimulatedLaunchCertificate;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.attestation.SimulatedReport;
import org.sesemi.channel.ExchangeMessage.ClientProof;
import org.sesemi.channel.ExchangeMessage.Hello;
import org.sesemi.channel.ExchangeMessage.Outcome;
import org.sesemi.channel.ExchangeMessage.Role;
import org.sesemi.channel.ExchangeMessage.ServerProof;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Frames;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RuntimeClaims;

/**
 * Somebody who holds evidence that the platform of the deployment really signed, for the runtime
 * that the policy allows, and presents it to a running key service where it does not belong.
 */
class HostileEnclaveTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final RandomSource RANDOM = RandomSource.secure();

  @TempDir private static Path folder;

  private static Sesemi sesemi;
  private static InetSocketAddress keyService;
  private static SimulatedPolicy policy;

  @BeforeAll
  static void start() throws IOException {
    sesemi = new Sesemi(folder.resolve("home"));
    sesemi.json("up", "--port", "0").expectExit(0);
    JsonFields context = JsonFields.of(Files.readAllBytes(sesemi.home().resolve("context.json")));
    keyService =
        new InetSocketAddress(
            context.text("keyServiceHost"), (int) context.integer("keyServicePort", 1, 65535));
    policy =
        (SimulatedPolicy)
            RuntimePolicy.decode(Bytes.parse(context.text("runtimePolicy")).toArray());
  }

  @AfterAll
  static void stop() {
    sesemi.run("down").expectExit(0);
  }

  /** What a genuine enclave on some connection would send. */
  private record Proof(Bytes evidence, Bytes claims, Binding binding) {
    ClientProof message() {
      return new ClientProof(Optional.of(evidence), claims, Optional.of(binding));
    }
  }

  @Test
  void genuineEvidenceOnItsOwnConnectionIsAccepted() throws Exception {
    try (Exchange exchange = new Exchange()) {
      assertThat(exchange.answerTo(exchange.proof(claims()).message())).isEmpty();
    }
  }

  @Test
  void evidenceOfAnEarlierExchangeIsRefused() throws Exception {
    Proof recorded;
    IdentityKey key = IdentityKey.generate(RANDOM);
    try (Exchange earlier = new Exchange(key)) {
      recorded = earlier.proof(claims());
      assertThat(earlier.answerTo(recorded.message())).isEmpty();
    }
    try (Exchange later = new Exchange(key)) {
      assertThat(later.answerTo(recorded.message())).contains("channel.evidence-replayed");
    }
    try (Exchange later = new Exchange(key)) {
      Proof passedOff =
          new Proof(recorded.evidence(), recorded.claims(), later.binding(recorded.claims()));
      assertThat(later.answerTo(passedOff.message())).contains("attestation.report-data-mismatch");
    }
  }

  @Test
  void evidenceOfAConnectionBetweenOthersIsRefused() throws Exception {
    try (Exchange hostile = new Exchange()) {
      // A genuine enclave was made to answer the key service's nonce on a connection of its own.
      Bytes claims = claims();
      IdentityPublicKey victim = IdentityKey.generate(RANDOM).publicKey();
      Proof relayed = proof(hostile.nonce, victim, hostile.serverKey, new byte[32], claims);
      assertThat(hostile.answerTo(relayed.message())).contains("channel.evidence-relayed");
    }
    try (Exchange hostile = new Exchange()) {
      Bytes claims = claims();
      Proof relayed =
          proof(
              hostile.nonce,
              IdentityKey.generate(RANDOM).publicKey(),
              hostile.serverKey,
              new byte[32],
              claims);
      Proof passedOff = new Proof(relayed.evidence(), claims, hostile.binding(claims));
      assertThat(hostile.answerTo(passedOff.message()))
          .contains("attestation.report-data-mismatch");
    }
  }

  @Test
  void evidenceWithClaimsOfAnotherIsRefused() throws Exception {
    try (Exchange exchange = new Exchange()) {
      Proof genuine = exchange.proof(claims());
      Proof spliced = new Proof(genuine.evidence(), claims(), genuine.binding());
      assertThat(exchange.answerTo(spliced.message())).contains("channel.evidence-spliced");
    }
    try (Exchange exchange = new Exchange()) {
      Proof genuine = exchange.proof(claims());
      Bytes others = claims();
      Proof spliced = new Proof(genuine.evidence(), others, exchange.binding(others));
      assertThat(exchange.answerTo(spliced.message())).contains("attestation.report-data-mismatch");
    }
  }

  @Test
  void evidenceThatWasTakenAwayIsMissed() throws Exception {
    try (Exchange exchange = new Exchange()) {
      assertThat(exchange.answerTo(new ClientProof(Optional.empty(), claims(), Optional.empty())))
          .contains("channel.evidence-missing");
    }
  }

  private static Bytes claims() {
    return Bytes.of(new RuntimeClaims(IdentityKey.generate(RANDOM).publicKey().value()).encode());
  }

  private static Proof proof(
      Bytes nonce,
      IdentityPublicKey clientKey,
      IdentityPublicKey serverKey,
      byte[] exporter,
      Bytes claims)
      throws IOException {
    byte[] reportData =
        ReportData.of(
            ReportData.Producer.CLIENT,
            nonce.toArray(),
            clientKey,
            serverKey,
            exporter,
            claims.toArray());
    return new Proof(
        Bytes.of(genuineRuntime().attest(reportData).encode()),
        claims,
        Binding.of(nonce, clientKey, serverKey, exporter, claims.toArray()));
  }

  /** A launch that the platform's own root certifies: the platform's key file is not protected. */
  private static SimulatedLaunch genuineRuntime() throws IOException {
    IdentityKey root =
        IdentityKey.decode(
            Files.readAllBytes(sesemi.home().resolve("platform").resolve("root.key")));
    IdentityKey launchKey = IdentityKey.generate(RANDOM);
    SimulatedPolicy.Allowed allowed = policy.allowed().iterator().next();
    return SimulatedLaunch.certify(
        root,
        launchKey,
        new SimulatedLaunchCertificate(
            launchKey.publicKey().value(),
            Bytes.random(RANDOM, SimulatedReport.LAUNCH_ID_LENGTH),
            allowed.measurement(),
            allowed.configDigest(),
            Instant.now().minus(HOUR),
            Instant.now().plus(HOUR)));
  }

  /** A connection to the key service after the server's proof, where the client's is due. */
  private static final class Exchange implements AutoCloseable {

    private final SSLSocket socket;
    private final IdentityKey key;
    private final IdentityPublicKey serverKey;
    private final Bytes nonce;

    Exchange() throws IOException {
      this(IdentityKey.generate(RANDOM));
    }

    Exchange(IdentityKey key) throws IOException {
      this.key = key;
      Socket plain = new Socket(keyService.getAddress(), keyService.getPort());
      plain.setSoTimeout(30_000);
      socket = new PlainTls(key).wrap(plain, true);
      socket.startHandshake();
      serverKey = PlainTls.peerKey(socket);
      Frames.write(
          socket.getOutputStream(), new Hello(Bytes.random(RANDOM, 32), Role.ENCLAVE).encode());
      nonce = ServerProof.decode(read()).nonce();
    }

    Proof proof(Bytes claims) throws IOException {
      return HostileEnclaveTest.proof(
          nonce, key.publicKey(), serverKey, PlainTls.exporter(socket), claims);
    }

    Binding binding(Bytes claims) {
      return Binding.of(
          nonce, key.publicKey(), serverKey, PlainTls.exporter(socket), claims.toArray());
    }

    /** The code with which the key service refuses, or nothing when it accepts. */
    Optional<String> answerTo(ClientProof proof) throws IOException {
      Frames.write(socket.getOutputStream(), proof.encode());
      return Outcome.decode(read()).problem().map(Problem::code);
    }

    private byte[] read() throws IOException {
      return Frames.read(socket.getInputStream(), ExchangeMessage.MAX_LENGTH)
          .orElseThrow(() -> new EOFException("the key service is gone"));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
