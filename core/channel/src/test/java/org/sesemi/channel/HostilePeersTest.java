package org.sesemi.channel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.channel.AttestedChannelTest.refused;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.sesemi.channel.ExchangeMessage.ClientProof;
import org.sesemi.channel.ExchangeMessage.Hello;
import org.sesemi.channel.ExchangeMessage.Outcome;
import org.sesemi.channel.ExchangeMessage.Role;
import org.sesemi.channel.ExchangeMessage.ServerProof;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Frames;
import org.sesemi.wire.RandomSource;

/** Attested servers and clients against peers and networks that break every rule, over sockets. */
class HostilePeersTest {

  private final World world = new World();
  private final IdentityKey hostileKey = IdentityKey.generate(RandomSource.secure());

  @Test
  void evidenceRelayedFromAnotherConnectionIsRefused() throws Exception {
    try (AttestedServer genuine = world.server();
        HostileServer relay = relayTo(genuine.address(), hostileKey)) {
      refused(
          "channel.evidence-relayed", () -> world.client(world.party()).connect(relay.address()));
    }
  }

  @Test
  void evidenceRelayedByAHolderOfTheServersKeyIsRefusedToo() throws Exception {
    try (AttestedServer genuine = world.server();
        HostileServer relay = relayTo(genuine.address(), world.serviceKey)) {
      refused(
          "channel.evidence-relayed", () -> world.client(world.party()).connect(relay.address()));
    }
  }

  @Test
  void evidenceReplayedOnALaterConnectionIsRefused() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    byte[][] recorded = new byte[1][];
    try (HostileServer replaying =
        new HostileServer(
            world.serviceKey,
            (socket, in, out) -> {
              Hello hello = Hello.decode(read(in));
              if (connections.getAndIncrement() == 0) {
                byte[] reportData =
                    ReportData.of(
                        ReportData.Producer.SERVER,
                        hello.nonce().toArray(),
                        PlainTls.peerKey(socket),
                        world.serviceKey.publicKey(),
                        PlainTls.exporter(socket),
                        World.SERVICE_CLAIMS.toArray());
                recorded[0] =
                    new ServerProof(
                            Bytes.of(new byte[32]),
                            Bytes.of(world.launch(World.SERVICE).attest(reportData).encode()),
                            World.SERVICE_CLAIMS,
                            Binding.of(
                                hello.nonce(),
                                PlainTls.peerKey(socket),
                                world.serviceKey.publicKey(),
                                PlainTls.exporter(socket),
                                World.SERVICE_CLAIMS.toArray()))
                        .encode();
              }
              Frames.write(out, recorded[0]);
              read(in);
              Frames.write(out, Outcome.ACCEPTED.encode());
            })) {
      world.client(world.party()).connect(replaying.address()).close();
      refused(
          "channel.evidence-replayed",
          () -> world.client(world.party()).connect(replaying.address()));
    }
  }

  @Test
  void aClientThatSpeaksHttpBeforeItAttestsIsToldSoAndReachesNoHandler() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    try (AttestedServer server =
            world.server(
                (_, _) -> {
                  handled.incrementAndGet();
                  return HttpResponse.text("");
                });
        SSLSocket client = handshake(server.address())) {
      client
          .getOutputStream()
          .write("GET /v1/cluster HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      assertThat(refusal(client)).isEqualTo("channel.not-attested");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(handled).hasValue(0);
    }
  }

  @Test
  void aClientThatSkipsItsProofReachesNoHandler() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    try (AttestedServer server =
            world.server(
                (_, _) -> {
                  handled.incrementAndGet();
                  return HttpResponse.text("");
                });
        SSLSocket client = handshake(server.address())) {
      Frames.write(
          client.getOutputStream(), new Hello(Bytes.of(new byte[32]), Role.ENCLAVE).encode());
      read(client.getInputStream());
      client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
      assertThat(refusal(client)).isEqualTo("channel.too-large");
      assertThat(handled).hasValue(0);
    }
  }

  @Test
  void aMessageThatIsTooLongIsRefusedBeforeItIsRead() throws Exception {
    try (AttestedServer server = world.server();
        SSLSocket client = handshake(server.address())) {
      client.getOutputStream().write(new byte[] {0, 4, 0, 1});
      assertThat(refusal(client)).isEqualTo("channel.too-large");
    }
    try (HostileServer hostile =
        new HostileServer(
            hostileKey,
            (_, in, out) -> {
              read(in);
              out.write(new byte[] {0, 4, 0, 1});
              Await.until(() -> ended(in));
            })) {
      refused("channel.too-large", () -> world.client(world.party()).connect(hostile.address()));
    }
  }

  @Test
  void aPartyWithEvidenceOrClaimsIsRefused() throws Exception {
    for (ClientProof proof :
        new ClientProof[] {
          new ClientProof(
              Optional.of(Bytes.of(new byte[10])),
              Bytes.empty(),
              Optional.of(
                  Binding.of(
                      Bytes.of(new byte[32]),
                      hostileKey.publicKey(),
                      world.serviceKey.publicKey(),
                      new byte[32],
                      new byte[0]))),
          new ClientProof(Optional.empty(), World.FUNCTION_CLAIMS, Optional.empty())
        }) {
      try (AttestedServer server = world.server();
          SSLSocket client = handshake(server.address())) {
        Frames.write(
            client.getOutputStream(), new Hello(Bytes.of(new byte[32]), Role.PARTY).encode());
        read(client.getInputStream());
        Frames.write(client.getOutputStream(), proof.encode());
        assertThat(refusal(client))
            .isEqualTo(
                proof.evidence().isPresent() ? "channel.evidence-unexpected" : "channel.malformed");
      }
    }
  }

  @Test
  void peersThatStaySilentOrDripAreCutOff() throws Exception {
    try (AttestedServer server =
        AttestedServer.start(
            World.ANY, world.service(), world.rules(), World::describe, World.QUICK)) {
      try (Socket silent = connect(server.address())) {
        awaitEnd(silent.getInputStream());
      }
      try (SSLSocket shaken = handshake(server.address())) {
        awaitEnd(shaken.getInputStream());
      }
      try (Socket dripping = connect(server.address())) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread.ofVirtual()
            .name("drip")
            .start(
                () -> {
                  try {
                    dripping.getOutputStream().write(HexFormat.of().parseHex("1603010200"));
                    while (!ended.await(20, TimeUnit.MILLISECONDS)) {
                      dripping.getOutputStream().write(1);
                    }
                  } catch (IOException | InterruptedException cutOff) {
                    // What the test is about.
                  }
                });
        awaitEnd(dripping.getInputStream());
        ended.countDown();
      }
      Await.until(() -> server.openConnections() == 0);
    }
    try (HostileServer silent =
        new HostileServer(hostileKey, (_, in, _) -> Await.until(() -> ended(in)))) {
      AttestedClient client = new AttestedClient(world.party(), world.serverPolicy(), World.QUICK);
      refused("channel.timeout", () -> client.connect(silent.address()));
    }
  }

  @Test
  void connectionsCutAnywhereFailWithACodeAndTheServerGoesOn() throws Exception {
    try (AttestedServer server = world.server()) {
      long[] total = traffic(server);
      Property.check(
          "cut connections",
          40,
          random -> {
            boolean toServer = random.nextBoolean();
            long at = random.nextLong(total[toServer ? 0 : 1]);
            try (Network network =
                new Network(server.address(), toServer ? at : -1, toServer ? -1 : at, -1)) {
              assertThatThrownBy(() -> exchange(network.address()))
                  .as("cut after %d bytes, %s", at, toServer ? "to server" : "to client")
                  .isInstanceOfSatisfying(
                      CodedException.class,
                      e ->
                          assertThat(e.code())
                              .isIn("channel.cut", "channel.closed", "channel.tls"));
            }
          });
      exchange(server.address());
    }
  }

  @Test
  void aByteChangedAnywhereOnTheNetworkIsNoticed() throws Exception {
    try (AttestedServer server = world.server()) {
      long[] positions;
      try (Network network = new Network(server.address(), -1, -1, -1);
          AttestedConnection connection = world.client(world.party()).connect(network.address())) {
        connection.send(HttpRequest.get("/"));
        Set<Long> ignored = network.versionsToClient();
        positions =
            LongStream.range(0, network.toClient()).filter(at -> !ignored.contains(at)).toArray();
      }
      Property.check(
          "changed bytes",
          40,
          random -> {
            long at = positions[random.nextInt(positions.length)];
            try (Network network = new Network(server.address(), -1, -1, at)) {
              AttestedClient client =
                  new AttestedClient(world.party(), world.serverPolicy(), World.QUICK);
              assertThatThrownBy(() -> exchange(client, network.address()))
                  .as("byte %d changed", at)
                  .isInstanceOf(ChannelException.class);
            }
          });
      exchange(server.address());
    }
  }

  @Test
  void nothingIsEverResumed() throws Exception {
    // A client that keeps its sessions sees a certificate again only in a handshake from scratch.
    AtomicInteger certificates = new AtomicInteger();
    SSLContext keeping =
        new PlainTls(world.partyKey)
            .newContext(
                new TrustAll() {
                  @Override
                  public void checkServerTrusted(X509Certificate[] chain, String authType) {
                    certificates.incrementAndGet();
                  }
                });
    keeping.getClientSessionContext().setSessionCacheSize(100);
    try (AttestedServer server = world.server()) {
      for (int connection = 1; connection <= 3; connection++) {
        try (SSLSocket socket = handshake(keeping, server.address())) {
          FirstExchange.asClient(socket, world.party(), world.serverPolicy(), World.OPTIONS);
          assertThat(certificates).hasValue(connection);
        }
      }
    }
  }

  @Test
  void otherVersionsOfTlsAndClientsWithoutCertificateAreRefused() throws Exception {
    try (AttestedServer server = world.server()) {
      SSLContext without = SSLContext.getInstance("TLS", "SunJSSE");
      without.init(null, new TrustManager[] {new TrustAll()}, null);
      assertThat(answers(without, server.address())).isFalse();
      try (SSLSocket old =
          (SSLSocket)
              without
                  .getSocketFactory()
                  .createSocket(
                      connect(server.address()), "localhost", server.address().getPort(), true)) {
        old.setEnabledProtocols(new String[] {"TLSv1.2"});
        assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void certificatesOfAnotherFormAreRefusedOnEitherSide() throws Exception {
    X509Certificate other = otherCertificate();
    PrivateKey key = hostileKey.toJdk(InsecureSecretAccess.get());
    try (AttestedServer server = world.server()) {
      SSLContext plain = new PlainTls(hostileKey).newContext();
      assertThat(answers(plain, server.address())).isTrue();
      SSLContext context = new PlainTls(other, key).newContext();
      assertThat(answers(context, server.address())).isFalse();
    }
    try (HostileServer hostile =
        new HostileServer(new PlainTls(other, key), (_, in, _) -> ended(in))) {
      refused("channel.certificate", () -> world.client(world.party()).connect(hostile.address()));
    }
  }

  @Test
  void aServerThatSendsNonsenseForAnAnswerIsRefused() throws Exception {
    for (String answer :
        new String[] {
          "HTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
          "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
          "nonsense\r\n\r\n"
        }) {
      try (HostileServer hostile =
              new HostileServer(
                  world.serviceKey,
                  (socket, in, out) -> {
                    FirstExchange.asServer(socket, world.service(), world.rules(), World.OPTIONS);
                    out.write(answer.getBytes(US_ASCII));
                    Await.until(() -> ended(in));
                  });
          AttestedConnection connection = world.client(world.party()).connect(hostile.address())) {
        assertThatThrownBy(() -> connection.send(HttpRequest.get("/")))
            .as(answer)
            .isInstanceOfSatisfying(
                ChannelException.class, e -> assertThat(e.code()).startsWith("http."));
        assertThat(connection.isOpen()).isFalse();
      }
    }
  }

  /** A server that hands the client's nonce to a genuine one, and the answer back. */
  private HostileServer relayTo(InetSocketAddress genuine, IdentityKey key) throws IOException {
    return new HostileServer(
        key,
        (_, in, out) -> {
          byte[] hello = read(in);
          try (SSLSocket upstream = handshake(genuine)) {
            Frames.write(upstream.getOutputStream(), hello);
            Frames.write(out, read(upstream.getInputStream()));
            Await.until(() -> ended(in));
          }
        });
  }

  /** How many bytes one exchange takes to the server and to the client, before it is closed. */
  private long[] traffic(AttestedServer server) throws IOException {
    try (Network network = new Network(server.address(), -1, -1, -1);
        AttestedConnection connection = world.client(world.party()).connect(network.address())) {
      connection.send(HttpRequest.get("/"));
      return new long[] {network.toServer(), network.toClient()};
    }
  }

  private void exchange(InetSocketAddress address) {
    exchange(world.client(world.party()), address);
  }

  private static void exchange(AttestedClient client, InetSocketAddress address) {
    try (AttestedConnection connection = client.connect(address)) {
      assertThat(connection.send(HttpRequest.get("/")).status()).isEqualTo(200);
    }
  }

  private SSLSocket handshake(InetSocketAddress address) throws IOException {
    return handshake(new PlainTls(hostileKey).newContext(), address);
  }

  private static SSLSocket handshake(SSLContext context, InetSocketAddress address)
      throws IOException {
    SSLSocket socket = PlainTls.wrap(context, connect(address), true);
    socket.startHandshake();
    return socket;
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String refusal(SSLSocket client) throws IOException {
    return Outcome.decode(read(client.getInputStream())).problem().orElseThrow().code();
  }

  /** Whether a server answers; in TLS 1.3 it refuses a client only after its handshake. */
  private static boolean answers(SSLContext context, InetSocketAddress address) {
    try (SSLSocket client = handshake(context, address)) {
      Frames.write(
          client.getOutputStream(), new Hello(Bytes.of(new byte[32]), Role.PARTY).encode());
      return read(client.getInputStream()).length > 0;
    } catch (IOException refused) {
      return false;
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    return Frames.read(in, ExchangeMessage.MAX_LENGTH)
        .orElseThrow(() -> new EOFException("the peer is gone"));
  }

  private static boolean ended(InputStream in) {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Reads until the peer ends the connection, however it does. */
  private static void awaitEnd(InputStream in) throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SSLException | SocketException cutOff) {
      // A reset ends a connection as well.
    }
  }

  /** A certificate of our key that differs from the plain one in its names only. */
  private X509Certificate otherCertificate() throws Exception {
    byte[] der = PlainCertificate.of(hostileKey);
    byte[] name = "sesemi".getBytes(US_ASCII);
    for (int i = 0; i + name.length < der.length; i++) {
      if (Arrays.equals(der, i, i + name.length, name, 0, name.length)) {
        der[i + name.length - 1] = 'e';
      }
    }
    X509Certificate parsed = parse(der);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(hostileKey.toJdk(InsecureSecretAccess.get()));
    signature.update(parsed.getTBSCertificate());
    System.arraycopy(signature.sign(), 0, der, der.length - 64, 64);
    X509Certificate signed = parse(der);
    signed.verify(signed.getPublicKey());
    return signed;
  }

  private static X509Certificate parse(byte[] der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /** A client that does not care whom it speaks to. */
  private static class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
