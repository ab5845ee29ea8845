package org.sesemi.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Evidence;
import org.sesemi.channel.ExchangeMessage.ClientProof;
import org.sesemi.channel.ExchangeMessage.Hello;
import org.sesemi.channel.ExchangeMessage.Outcome;
import org.sesemi.channel.ExchangeMessage.Role;
import org.sesemi.channel.ExchangeMessage.ServerProof;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Frames;
import org.sesemi.wire.Problem;

/**
 * The first exchange against a peer that holds the other end of a genuine TLS connection and says
 * whatever it likes there.
 */
class FirstExchangeTest {

  private static final byte[] EXPORTER = World.digest("this connection").bytes();
  private static final byte[] OTHER_EXPORTER = World.digest("another connection").bytes();

  private static final byte[] NONCE = World.digest("nonce").bytes();
  private static final byte[] OTHER_NONCE = World.digest("other nonce").bytes();

  private final World world = new World();
  private final IdentityPublicKey serverKey = world.serviceKey.publicKey();
  private final IdentityPublicKey functionKey = world.functionKey.publicKey();
  private final Attester service = world.launch(World.SERVICE);
  private final Attester function = world.launch(World.FUNCTION);

  @Test
  void everyMutationOfTheServersProofIsRefusedByTheClient() {
    everyMutationIsRefused(
        "the server's proof",
        genuineServerProof(),
        message -> connect(message, Outcome.ACCEPTED.encode(), world.party()),
        message -> ServerProof.decode(message).nonce());
  }

  @Test
  void everyMutationOfTheClientsProofIsRefusedByTheServer() {
    Bytes evidence = evidence(function, ReportData.Producer.CLIENT, NONCE, EXPORTER);
    everyMutationIsRefused(
        "the client's proof",
        proof(Optional.of(evidence), World.FUNCTION_CLAIMS).encode(),
        message -> serve(List.of(hello(Role.ENCLAVE).encode(), message), new ArrayList<>()),
        _ -> Bytes.empty());
  }

  @Test
  void everyMutationOfTheClientsHelloIsRefusedOrAnotherHello() {
    Property.check(
        "the client's hello",
        1,
        random -> {
          byte[] hello = hello(Role.PARTY).encode();
          Mutation.all(hello, random)
              .forEach(
                  mutation -> {
                    List<byte[]> answers = new ArrayList<>();
                    Optional<String> code =
                        serve(
                            List.of(mutation.bytes(), proof(Optional.empty(), "").encode()),
                            answers);
                    if (code.isEmpty()) {
                      assertThat(Hello.decode(mutation.bytes()).encode())
                          .as(mutation.what())
                          .isEqualTo(mutation.bytes());
                    } else {
                      assertThat(ExchangeMessage.refusal(answers.getLast()).map(Problem::code))
                          .as(mutation.what())
                          .isEqualTo(code);
                    }
                  });
        });
  }

  @Test
  void everyMutationOfTheOutcomeIsNoAcceptanceUnlessItIsTheOutcome() {
    Property.check(
        "the outcome",
        1,
        random -> {
          Outcome refusal =
              new Outcome(
                  Optional.of(Problem.of(ChannelException.Code.EVIDENCE_MISSING, "there is none")));
          for (Outcome outcome : List.of(refusal, Outcome.ACCEPTED)) {
            Mutation.all(outcome.encode(), random)
                .forEach(
                    mutation ->
                        assertThat(connect(genuineServerProof(), mutation.bytes(), world.party()))
                            .as(mutation.what())
                            .isPresent());
          }
        });
  }

  @Test
  void evidenceOfAnotherConnectionIsRefused() {
    String relayed = "channel.evidence-relayed";
    IdentityPublicKey otherKey = world.root.publicKey();
    assertThat(clientSeesEvidence(EXPORTER, serverKey, NONCE)).isEmpty();
    assertThat(clientSeesEvidence(OTHER_EXPORTER, serverKey, NONCE)).contains(relayed);
    assertThat(clientSeesEvidence(EXPORTER, otherKey, NONCE)).contains(relayed);
    assertThat(clientSeesEvidence(EXPORTER, serverKey, OTHER_NONCE))
        .contains("channel.evidence-replayed");
  }

  @Test
  void aBindingThatWasMadeToFitChangesNothing() {
    String code = "attestation.report-data-mismatch";
    Binding fitting = serverBinding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS);
    IdentityPublicKey otherKey = world.root.publicKey();
    assertThat(clientSeesEvidence(OTHER_EXPORTER, serverKey, NONCE, fitting)).contains(code);
    assertThat(clientSeesEvidence(EXPORTER, otherKey, NONCE, fitting)).contains(code);
    assertThat(clientSeesEvidence(EXPORTER, serverKey, OTHER_NONCE, fitting)).contains(code);
    ServerProof genuine = ServerProof.decode(genuineServerProof());
    byte[] spliced =
        new ServerProof(
                genuine.nonce(),
                genuine.evidence(),
                World.FUNCTION_CLAIMS,
                serverBinding(EXPORTER, serverKey, NONCE, World.FUNCTION_CLAIMS))
            .encode();
    assertThat(connect(spliced, Outcome.ACCEPTED.encode(), world.party())).contains(code);
  }

  @Test
  void aBindingThatFitsNotIsRefusedEvenWithGoodEvidence() {
    assertThat(
            clientSeesEvidence(
                EXPORTER,
                serverKey,
                NONCE,
                serverBinding(OTHER_EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS)))
        .contains("channel.evidence-relayed");
  }

  @Test
  void evidenceOfTheOtherSideIsRefused() {
    assertThat(
            serverSees(
                nonce ->
                    proof(
                        Optional.of(
                            evidence(function, ReportData.Producer.SERVER, nonce, EXPORTER)),
                        World.FUNCTION_CLAIMS)))
        .contains("attestation.report-data-mismatch");
  }

  @Test
  void evidenceWithClaimsOfAnotherIsRefused() {
    assertThat(
            serverSees(
                nonce ->
                    proof(
                        Optional.of(
                            evidence(function, ReportData.Producer.CLIENT, nonce, EXPORTER)),
                        World.SERVICE_CLAIMS)))
        .contains("attestation.report-data-mismatch");
    ServerProof genuine = ServerProof.decode(genuineServerProof());
    byte[] spliced =
        new ServerProof(
                genuine.nonce(), genuine.evidence(), World.FUNCTION_CLAIMS, genuine.binding())
            .encode();
    assertThat(connect(spliced, Outcome.ACCEPTED.encode(), world.party()))
        .contains("channel.evidence-spliced");
  }

  @Test
  void evidenceThatIsNotThereIsMissedAndInTheWrongPlaceRefused() {
    assertThat(serverSees(_ -> proof(Optional.empty(), World.FUNCTION_CLAIMS)))
        .contains("channel.evidence-missing");
    byte[] stripped =
        CborMap.versioned()
            .put(1, Bytes.of(new byte[32]))
            .put(3, World.SERVICE_CLAIMS)
            .build()
            .encode();
    assertThat(connect(stripped, Outcome.ACCEPTED.encode(), world.party()))
        .contains("channel.evidence-missing");
    Bytes some = evidence(function, ReportData.Producer.CLIENT, NONCE, EXPORTER);
    assertThat(
            serve(
                List.of(hello(Role.PARTY).encode(), proof(Optional.of(some), "").encode()),
                new ArrayList<>()))
        .contains("channel.evidence-unexpected");
  }

  @Test
  void unknownVersionsAreRefusedByNameInEveryMessage() {
    String code = "channel.version-unknown";
    assertThat(serve(List.of(bumped(hello(Role.PARTY).encode())), new ArrayList<>()))
        .contains(code);
    assertThat(
            serve(
                List.of(hello(Role.PARTY).encode(), bumped(proof(Optional.empty(), "").encode())),
                new ArrayList<>()))
        .contains(code);
    assertThat(connect(bumped(genuineServerProof()), new byte[0], world.party())).contains(code);
    assertThat(connect(genuineServerProof(), bumped(Outcome.ACCEPTED.encode()), world.party()))
        .contains(code);
  }

  @Test
  void aRefusalBeforeTheServerIsVerifiedIsToldAsUnverified() {
    byte[] refusal =
        new Outcome(Optional.of(Problem.of(ChannelException.Code.TLS, "lies"))).encode();
    assertThat(connect(refusal, new byte[0], world.party())).contains("channel.refused");
    assertThat(connect(genuineServerProof(), refusal, world.party())).contains("channel.tls");
  }

  @Test
  void anEnclaveShowsNoEvidenceToAServerThatItDoesNotAccept() {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    byte[] wrong =
        new ServerProof(
                Bytes.of(NONCE),
                evidence(function, ReportData.Producer.SERVER, NONCE, EXPORTER),
                World.SERVICE_CLAIMS,
                serverBinding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS))
            .encode();
    assertThat(connect(wrong, Outcome.ACCEPTED.encode(), world.function(), sent)).isPresent();
    assertThat(frames(sent)).hasSize(1);
  }

  /** How an answer is made once the other side's nonce is known. */
  private interface Answer {
    ExchangeMessage to(byte[] nonce);
  }

  private static void everyMutationIsRefused(
      String name,
      byte[] genuine,
      Function<byte[], Optional<String>> receiver,
      Function<byte[], Bytes> freshPart) {
    Property.check(
        "mutations of " + name,
        1,
        random -> {
          assertThat(receiver.apply(genuine)).isEmpty();
          Mutation.all(genuine, random)
              .forEach(
                  mutation -> {
                    Optional<String> code = receiver.apply(mutation.bytes());
                    if (code.isEmpty()) {
                      // A nonce that was changed is another nonce: it protects who chose it.
                      assertThat(freshPart.apply(mutation.bytes()))
                          .as(mutation.what())
                          .isNotEqualTo(freshPart.apply(genuine));
                    } else {
                      assertThat(code.get())
                          .as(mutation.what())
                          .matches("(attestation|channel)\\..*");
                    }
                  });
        });
  }

  private Binding serverBinding(
      byte[] exporter, IdentityPublicKey key, byte[] nonce, Bytes claims) {
    return Binding.of(Bytes.of(nonce), world.partyKey.publicKey(), key, exporter, claims.toArray());
  }

  private Optional<String> clientSeesEvidence(
      byte[] exporter, IdentityPublicKey key, byte[] nonce) {
    return clientSeesEvidence(
        exporter, key, nonce, serverBinding(exporter, key, nonce, World.SERVICE_CLAIMS));
  }

  private Optional<String> clientSeesEvidence(
      byte[] exporter, IdentityPublicKey key, byte[] nonce, Binding said) {
    byte[] reportData =
        ReportData.of(
            ReportData.Producer.SERVER,
            nonce,
            world.partyKey.publicKey(),
            key,
            exporter,
            World.SERVICE_CLAIMS.toArray());
    byte[] proof =
        new ServerProof(
                Bytes.of(OTHER_NONCE),
                Bytes.of(service.attest(reportData).encode()),
                World.SERVICE_CLAIMS,
                said)
            .encode();
    return connect(proof, Outcome.ACCEPTED.encode(), world.party());
  }

  private byte[] genuineServerProof() {
    byte[] reportData =
        ReportData.of(
            ReportData.Producer.SERVER,
            NONCE,
            world.partyKey.publicKey(),
            serverKey,
            EXPORTER,
            World.SERVICE_CLAIMS.toArray());
    return new ServerProof(
            Bytes.of(OTHER_NONCE),
            Bytes.of(service.attest(reportData).encode()),
            World.SERVICE_CLAIMS,
            serverBinding(EXPORTER, serverKey, NONCE, World.SERVICE_CLAIMS))
        .encode();
  }

  private Optional<String> connect(byte[] first, byte[] second, ClientIdentity identity) {
    return connect(first, second, identity, new ByteArrayOutputStream());
  }

  /** The code with which a client, whose nonce is known, refuses a server's two messages. */
  private Optional<String> connect(
      byte[] first, byte[] second, ClientIdentity identity, ByteArrayOutputStream sent) {
    ChannelOptions predictable =
        new ChannelOptions(
            World.OPTIONS.clock(),
            target -> System.arraycopy(NONCE, 0, target, 0, target.length),
            HttpLimits.DEFAULT);
    FirstExchange exchange =
        new FirstExchange(
            identity.key().publicKey(),
            serverKey,
            EXPORTER,
            new ByteArrayInputStream(framed(List.of(first, second))),
            sent,
            predictable);
    return codeOf(() -> exchange.asClient(identity, world.serverPolicy()));
  }

  /** The code with which a genuine server refuses the proof of a function. */
  private Optional<String> serverSees(Answer answer) {
    return serve(
        List.of(hello(Role.ENCLAVE).encode(), answer.to(NONCE).encode()), new ArrayList<>());
  }

  private Optional<String> serve(List<byte[]> messages, List<byte[]> answers) {
    ChannelOptions predictable =
        new ChannelOptions(
            World.OPTIONS.clock(),
            target -> System.arraycopy(NONCE, 0, target, 0, target.length),
            HttpLimits.DEFAULT);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    FirstExchange exchange =
        new FirstExchange(
            functionKey,
            serverKey,
            EXPORTER,
            new ByteArrayInputStream(framed(messages)),
            sent,
            predictable);
    Optional<String> code =
        codeOf(
            () ->
                exchange.asServer(
                    new ServerIdentity(world.serviceKey, service, World.SERVICE_CLAIMS::toArray),
                    world.rules()));
    answers.addAll(frames(sent));
    return code;
  }

  private Bytes evidence(
      Attester attester, ReportData.Producer producer, byte[] nonce, byte[] exporter) {
    Evidence evidence =
        attester.attest(
            ReportData.of(
                producer,
                nonce,
                functionKey,
                serverKey,
                exporter,
                World.FUNCTION_CLAIMS.toArray()));
    return Bytes.of(evidence.encode());
  }

  private static Hello hello(Role role) {
    return new Hello(Bytes.of(Digest.sha256(NONCE).bytes()), role);
  }

  private ClientProof proof(Optional<Bytes> evidence, Bytes claims) {
    return new ClientProof(
        evidence,
        claims,
        evidence.map(
            _ -> Binding.of(Bytes.of(NONCE), functionKey, serverKey, EXPORTER, claims.toArray())));
  }

  private ClientProof proof(Optional<Bytes> evidence, String noClaims) {
    assertThat(noClaims).isEmpty();
    return proof(evidence, Bytes.empty());
  }

  /** A step that may fail. */
  private interface Step {
    Object run() throws IOException;
  }

  private static Optional<String> codeOf(Step step) {
    try {
      assertThat(step.run()).isNotNull();
      return Optional.empty();
    } catch (CodedException e) {
      return Optional.of(e.code());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Turns {@code {0: 1, ...}} into {@code {0: 2, ...}}. */
  private static byte[] bumped(byte[] message) {
    byte[] changed = message.clone();
    assertThat(changed[2]).isEqualTo((byte) 1);
    changed[2] = 2;
    return changed;
  }

  private static byte[] framed(List<byte[]> messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (byte[] message : messages) {
        Frames.write(out, message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static List<byte[]> frames(ByteArrayOutputStream sent) {
    List<byte[]> all = new ArrayList<>();
    ByteArrayInputStream in = new ByteArrayInputStream(sent.toByteArray());
    try {
      for (Optional<byte[]> next = Frames.read(in, 1 << 20);
          next.isPresent();
          next = Frames.read(in, 1 << 20)) {
        all.add(next.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
