package org.sesemi.attestation.internal.collateral;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.CollateralRequest.SnpProvider;
import org.sesemi.attestation.Documents;
import org.sesemi.wire.Bytes;

class VendorServicesTest {

  private static final TestVendors VENDORS = new TestVendors();
  private static final Instant NOW = TestVendors.NOW;
  private static final WebClient.Limits LIMITS =
      new WebClient.Limits(
          Duration.ofSeconds(5), Duration.ofSeconds(5), 20_000, 3, Duration.ofSeconds(60));
  private static final String CRL = "/vcek/v1/Milan/crl";

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final LoopbackServer server;

  VendorServicesTest() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private VendorServices services() {
    WebClient web = web(LIMITS);
    return new VendorServices(
        new AmdKds(web, server.uri()), new IntelPcs(web, server.uri(), server.uri()));
  }

  private WebClient web(WebClient.Limits limits) {
    return new WebClient(limits, pauses::add, InstantSource.fixed(NOW));
  }

  private static Item crlItem() {
    return Item.of(TestVendors.MILAN).getLast();
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> services().fetch(crlItem()))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(Code.COLLATERAL_UNAVAILABLE))
        .hasMessageContaining(message);
  }

  @Test
  void asksAmdForChainCertificateAndListOfAChip(@TempDir Path folder) {
    String vcek =
        "/vcek/v1/Milan/" + "5a".repeat(64) + "?blSPL=03&teeSPL=00&snpSPL=20&ucodeSPL=115";
    server.give(
        "/vcek/v1/Milan/cert_chain",
        VENDORS.milanChain().getOrDefault("cert_chain.pem", Bytes.empty()),
        Map.of());
    server.give(vcek, VENDORS.milanVcek().getOrDefault("vcek.der", Bytes.empty()), Map.of());
    server.give(CRL, VENDORS.milanCrl(1, NOW).getOrDefault("crl.der", Bytes.empty()), Map.of());

    Documents documents =
        new CollateralCache(folder, services(), VENDORS.anchors(), InstantSource.fixed(NOW))
            .documents(TestVendors.MILAN);

    assertThat(documents.names()).containsExactly("cert_chain.pem", "crl.der", "vcek.der");
    assertThat(server.asked).containsExactly("/vcek/v1/Milan/cert_chain", vcek, CRL);
  }

  @Test
  void asksAmdInTheLayoutOfTurin() {
    byte[] chip = new byte[64];
    for (int i = 0; i < 8; i++) {
      chip[i] = (byte) (i + 1);
    }
    SnpChip turin = new SnpChip(SnpLine.TURIN, Bytes.of(chip), Bytes.parse("0102030400000048"));
    String path =
        "/vcek/v1/Turin/0102030405060708?fmcSPL=01&blSPL=02&teeSPL=03&snpSPL=04&ucodeSPL=72";
    server.give(path, TestVendors.text("x"), Map.of());
    services().fetch(Item.of(turin).get(1));
    assertThat(server.asked).containsExactly(path);
  }

  @Test
  void asksAmdForTheChainOfProviderKeys() {
    server.give("/vlek/v1/Genoa/cert_chain", TestVendors.text("x"), Map.of());
    services().fetch(Item.of(new SnpProvider(SnpLine.GENOA)).getFirst());
    assertThat(server.asked).containsExactly("/vlek/v1/Genoa/cert_chain");
  }

  @Test
  void asksIntelForFourDocumentsWithTheirChains(@TempDir Path folder) {
    Map<String, Bytes> tcbInfo = VENDORS.tcbInfo(17, NOW);
    intel("/IntelSGXRootCA.der", VENDORS.rootCrl(1, NOW), "root_ca_crl.der", "", "none");
    intel(
        "/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
        VENDORS.pckCrl(VENDORS.platformCa, 1, NOW),
        "pck_crl.der",
        Item.PCK_CRL_CHAIN,
        "SGX-PCK-CRL-Issuer-Chain");
    intel(
        "/tdx/certification/v4/tcb?fmspc=B0C06F000000&update=standard",
        tcbInfo,
        "tcb_info.json",
        Item.SIGNING_CHAIN,
        "TCB-Info-Issuer-Chain");
    intel(
        "/tdx/certification/v4/qe/identity?update=standard",
        VENDORS.qeIdentity("TD_QE", 17, NOW),
        "qe_identity.json",
        Item.SIGNING_CHAIN,
        "SGX-Enclave-Identity-Issuer-Chain");

    Documents documents =
        new CollateralCache(folder, services(), VENDORS.anchors(), InstantSource.fixed(NOW))
            .documents(TestVendors.TDX);

    assertThat(documents.names())
        .containsExactly(
            "pck_crl.der",
            Item.PCK_CRL_CHAIN,
            "qe_identity.json",
            "root_ca_crl.der",
            "tcb_info.json",
            "tcb_signing_chain.pem");
    assertThat(documents.get("tcb_info.json"))
        .contains(tcbInfo.getOrDefault("tcb_info.json", Bytes.empty()));
  }

  private void intel(
      String path, Map<String, Bytes> item, String document, String chain, String header) {
    server.give(
        path,
        item.getOrDefault(document, Bytes.empty()),
        Map.of(header, LoopbackServer.header(item.getOrDefault(chain, Bytes.empty()))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%4", "%zz", "%", "ü"})
  void aWrongHeaderOfIntelIsRefused(String header) {
    server.give(
        "/tdx/certification/v4/qe/identity?update=standard",
        TestVendors.text("{}"),
        Map.of("SGX-Enclave-Identity-Issuer-Chain", header));
    assertThatThrownBy(() -> services().fetch(Item.of(TestVendors.TDX).getLast()))
        .hasMessageContaining("SGX-Enclave-Identity-Issuer-Chain");
  }

  @Test
  void anAnswerOfIntelWithoutItsChainIsRefused() {
    server.give(
        "/tdx/certification/v4/qe/identity?update=standard", TestVendors.text("{}"), Map.of());
    assertThatThrownBy(() -> services().fetch(Item.of(TestVendors.TDX).getLast()))
        .hasMessageContaining("answers without SGX-Enclave-Identity-Issuer-Chain");
  }

  private void throttle(int times, int status, Optional<String> retryAfter) {
    AtomicInteger left = new AtomicInteger(times);
    server.on(
        CRL,
        exchange -> {
          if (left.getAndDecrement() > 0) {
            retryAfter.ifPresent(v -> exchange.getResponseHeaders().set("Retry-After", v));
            exchange.sendResponseHeaders(status, -1);
          } else {
            exchange.sendResponseHeaders(200, 1);
            exchange.getResponseBody().write('x');
          }
        });
  }

  @Test
  void aServiceThatThrottlesIsAskedAgainWhenItWishes() {
    throttle(1, 429, Optional.of("7"));
    assertThat(services().fetch(crlItem())).containsEntry("crl.der", TestVendors.text("x"));
    assertThat(pauses).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void aServiceMayNameTheInstantToComeBack() {
    throttle(1, 503, Optional.of("Sun, 1 Mar 2026 12:00:30 GMT"));
    services().fetch(crlItem());
    assertThat(pauses).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void aServiceThatNamesNoTimeIsGivenMoreEachTime() {
    throttle(2, 503, Optional.of("soon"));
    services().fetch(crlItem());
    assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aServiceThatThrottlesForeverIsLeft() {
    throttle(99, 429, Optional.of("1"));
    refuses("answers 429 after 3 attempts");
    assertThat(server.asked).hasSize(3);
  }

  @Test
  void aServiceThatWishesTooLongAPauseIsLeft() {
    throttle(1, 429, Optional.of("61"));
    refuses("asks to come back in 61 seconds");
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 400, 404, 500, 502})
  void anyOtherStatusIsRefusedAtOnce(int status) {
    server.on(CRL, exchange -> exchange.sendResponseHeaders(status, -1));
    refuses("the status is " + status);
    assertThat(server.asked).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreRefused(int status) {
    server.give("/elsewhere", TestVendors.text("x"), Map.of());
    server.on(
        CRL,
        exchange -> {
          exchange.getResponseHeaders().set("Location", server.uri() + "/elsewhere");
          exchange.sendResponseHeaders(status, -1);
        });
    refuses("the status is " + status);
    assertThat(server.asked).containsExactly(CRL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatIsTooLongIsRefused(boolean announced) {
    server.on(
        CRL,
        exchange -> {
          exchange.sendResponseHeaders(200, announced ? 20_001 : 0);
          exchange.getResponseBody().write(new byte[20_001]);
        });
    refuses("more than 20000 bytes");
  }

  @Test
  void anAnswerOfTheLargestSizeIsTaken() {
    server.give(CRL, Bytes.of(new byte[20_000]), Map.of());
    assertThat(services().fetch(crlItem()).get("crl.der")).isEqualTo(Bytes.of(new byte[20_000]));
  }

  @Test
  void anAnswerThatEndsEarlyIsRefused() throws IOException {
    try (RawServer raw = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort")) {
      assertThatThrownBy(() -> web(LIMITS).get(raw.uri(), ""))
          .hasMessageContaining("gives no answer");
    }
  }

  @Test
  void anAnswerThatNeverEndsIsLeft() throws IOException {
    WebClient hasty =
        web(
            new WebClient.Limits(
                Duration.ofSeconds(5), Duration.ofMillis(300), 1000, 1, Duration.ZERO));
    try (RawServer raw = new RawServer("HTTP/1.1 200 OK\r\nX-Slow: ", true)) {
      assertThatThrownBy(() -> hasty.get(raw.uri(), "")).hasMessageContaining("takes longer");
    }
  }

  @Test
  void aServiceThatIsNotThereIsUnavailable() throws IOException {
    URI gone;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      gone = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }
    assertThatThrownBy(() -> web(LIMITS).get(gone, "")).hasMessageContaining("gives no answer");
  }

  @Test
  void aServerThatNobodyVouchesForIsRefused() throws Exception {
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, new char[0]);
      keys.setKeyEntry(
          "server",
          VENDORS.intelRoot.keys().getPrivate(),
          new char[0],
          new Certificate[] {VENDORS.intelRoot.certificate()});
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(keys, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      https.setHttpsConfigurator(new HttpsConfigurator(context));
      https.start();
      URI uri = URI.create("https://127.0.0.1:" + https.getAddress().getPort() + "/");
      assertThatThrownBy(() -> web(LIMITS).get(uri, ""))
          .hasMessageContaining("gives no answer")
          .hasRootCauseInstanceOf(java.security.cert.CertPathBuilderException.class);
    } finally {
      https.stop(0);
    }
  }

  /** Sends fixed bytes to whoever connects, and stops there or goes on for a while. */
  private static final class RawServer implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CountDownLatch closed = new CountDownLatch(1);

    RawServer(String answer) throws IOException {
      this(answer, false);
    }

    RawServer(String answer, boolean hold) throws IOException {
      Thread.ofVirtual()
          .name("raw")
          .start(
              () -> {
                try (Socket peer = socket.accept()) {
                  byte[] request = peer.getInputStream().readNBytes(16);
                  OutputStream out = peer.getOutputStream();
                  if (request.length > 0) {
                    out.write(answer.getBytes(US_ASCII));
                  }
                  out.flush();
                  if (hold) {
                    closed.await();
                  }
                } catch (IOException | InterruptedException e) {
                  // The test has ended.
                }
              });
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    }

    @Override
    public void close() throws IOException {
      closed.countDown();
      socket.close();
    }
  }
}
