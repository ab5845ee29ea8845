package org.sesemi.packer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.platform.FunctionPlatformException;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.SealedRequestHeader;
import org.sesemi.wire.VersionRule;

@Timeout(60)
class PackerTest {

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch hold = new CountDownLatch(1);
  private FakePlatform platform =
      new FakePlatform(
          (_, request, _) ->
              FakePlatform.answer(
                  200, request, Map.of("server-timing", "infer;dur=1", "x-sesemi-path", "hot")));
  private final List<Packer> started = new ArrayList<>();

  @AfterEach
  void close() {
    hold.countDown();
    client.close();
    started.forEach(Packer::close);
    assertThat(platform.isClosed()).isTrue();
  }

  private void start(UnaryOperator<PackerConfig> change) throws IOException {
    Path config = Files.writeString(folder.resolve("runtime.json"), "{}");
    PackerConfig base = PackerConfig.of("127.0.0.1:0", folder.resolve("d.sock"), folder, config);
    started.add(Packer.start(change.apply(base), platform, InstantSource.system()));
  }

  private Packer packer() {
    return started.getFirst();
  }

  private static PackerConfig with(
      PackerConfig c, int functions, int concurrency, int queue, Duration drain) {
    return new PackerConfig(
        c.host(),
        c.port(),
        c.daemonSocket(),
        c.unit(),
        c.runtimeConfig(),
        c.runtimeParameters(),
        new PackerConfig.Pool(functions, concurrency, 1, 1L << 30, Duration.ofMinutes(1)),
        4096,
        queue,
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        c.patience(),
        drain);
  }

  private static byte[] sealed(int user, String model, int bodyLength) {
    SealedRequestHeader header =
        new SealedRequestHeader(
            new PartyId(Digest.sha256(new byte[] {(byte) user})),
            new ModelId(new PartyId(Digest.sha256()), model),
            VersionRule.current(),
            KeyId.of(new byte[16]),
            RequestId.of(new byte[16]),
            Instant.EPOCH,
            Bytes.of(new byte[32]));
    byte[] prefix = EnvelopeFrame.prefix(EnvelopeFrame.Kind.REQUEST, header.encode(), bodyLength);
    return Arrays.copyOf(prefix, prefix.length + bodyLength);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + packer().address() + path));
  }

  private HttpResponse<byte[]> post(byte[] body, String... headers) {
    HttpRequest.Builder request =
        to("/v1/invoke").POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()).join();
  }

  private CompletableFuture<HttpResponse<byte[]>> postLater(byte[] body) {
    return client.sendAsync(
        to("/v1/invoke").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path) {
    return client.sendAsync(to(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray()).join();
  }

  private static void assertProblem(HttpResponse<byte[]> response, int status, String code) {
    Problem problem = Problem.decode(response.body());
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.status()).isEqualTo(status);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains(Problem.MEDIA_TYPE);
    assertThat(problem.hint()).isNotEmpty();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time to wait").isLessThan(end);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private JsonFields status() {
    return JsonFields.of(get("/v1/status").body());
  }

  @Test
  void anAnswerComesBackAsTheFunctionGaveIt() throws IOException {
    start(c -> c);
    byte[] request = sealed(1, "m", 600_000);
    for (String type : List.of("application/octet-stream", "application/json", "x/y")) {
      HttpResponse<byte[]> response = post(request, "Content-Type", type);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(request);
      assertThat(response.headers().firstValue("x-sesemi-path")).contains("hot");
      assertThat(response.headers().firstValue("x-request-id")).contains("00".repeat(16));
      assertThat(response.headers().firstValue("server-timing").orElseThrow())
          .startsWith("infer;dur=1, packer-queue;dur=")
          .contains("packer-function;dur=2.00");
    }
    HttpResponse<byte[]> chunked =
        client
            .sendAsync(
                to("/v1/invoke")
                    .POST(
                        HttpRequest.BodyPublishers.fromPublisher(
                            HttpRequest.BodyPublishers.ofByteArray(request)))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .join();
    assertThat(chunked.body()).isEqualTo(request);
  }

  @Test
  void whatIsNotASealedRequestNeverReachesAFunction() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    platform =
        new FakePlatform(
            (_, request, _) -> {
              calls.incrementAndGet();
              return FakePlatform.answer(200, request, Map.of());
            });
    start(c -> c);
    assertProblem(post(new byte[0]), 400, "envelope.malformed");
    assertProblem(post("{}".getBytes(StandardCharsets.UTF_8)), 400, "envelope.malformed");
    byte[] request = sealed(1, "m", 8);
    AtomicInteger refused = new AtomicInteger();
    Mutation.cuts(request)
        .forEach(
            cut -> {
              assertThat(post(cut.bytes()).statusCode()).as(cut.what()).isEqualTo(400);
              refused.incrementAndGet();
            });
    assertThat(calls.get()).isZero();
    Mutation.flips(request)
        .forEach(
            flip -> {
              HttpResponse<byte[]> response = post(flip.bytes());
              assertThat(response.statusCode()).as(flip.what()).isIn(200, 400);
              if (response.statusCode() == 400) {
                assertThat(Problem.decode(response.body()).retryable()).isFalse();
              }
            });
    assertThat(refused.get()).isEqualTo(request.length);
    assertThat(status().integer("in-flight", 0, 0)).isZero();
  }

  @Test
  void aLargeRequestIsToldTheLimitAndItsSize() throws IOException {
    start(c -> with(c, 1, 1, 1, Duration.ofSeconds(1)));
    HttpResponse<byte[]> response = post(new byte[5000]);
    assertProblem(response, 413, "packer.payload-too-large");
    assertThat(Problem.decode(response.body()).detail()).contains("5000").contains("4096");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), packer().port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /v1/invoke HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 413").contains("999999999999 bytes");
    }
  }

  @Test
  void deadlinesAreReadAndBounded() throws IOException {
    List<Duration> left = new ArrayList<>();
    platform =
        new FakePlatform(
            (_, request, deadline) -> {
              left.add(deadline.remaining(InstantSource.system()));
              return FakePlatform.answer(200, request, Map.of());
            });
    start(c -> with(c, 1, 1, 1, Duration.ofSeconds(1)));
    post(sealed(1, "m", 0));
    post(sealed(1, "m", 0), "X-Sesemi-Deadline-Ms", "5000");
    post(sealed(1, "m", 0), "X-Sesemi-Deadline-Ms", "9999999999");
    assertThat(left.get(0)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
    assertThat(left.get(1)).isLessThanOrEqualTo(Duration.ofSeconds(5));
    assertThat(left.get(2)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
    for (String wrong : List.of("0", "-1", "x", "1.5")) {
      assertProblem(post(sealed(1, "m", 0), "X-Sesemi-Deadline-Ms", wrong), 400, "packer.header");
    }
  }

  private void holdEverything() {
    platform =
        new FakePlatform(
            (_, request, _) -> {
              try {
                hold.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return FakePlatform.answer(200, request, Map.of());
            });
  }

  @Test
  void aFullQueueSaysWhenToComeBack() throws IOException {
    holdEverything();
    start(c -> with(c, 1, 1, 1, Duration.ofSeconds(5)));
    CompletableFuture<HttpResponse<byte[]>> running = postLater(sealed(1, "m", 0));
    await(() -> status().integer("in-flight", 0, 9) == 1);
    CompletableFuture<HttpResponse<byte[]>> queued = postLater(sealed(1, "m", 0));
    await(() -> status().object("queue").integer("length", 0, 9) == 1);
    HttpResponse<byte[]> refused = post(sealed(1, "m", 0));
    assertProblem(refused, 429, "packer.queue-full");
    assertThat(refused.headers().firstValue("retry-after")).contains("1");
    assertThat(Problem.decode(refused.body()).retryable()).isTrue();
    HttpResponse<byte[]> late = post(sealed(2, "other", 0), "X-Sesemi-Deadline-Ms", "50");
    assertThat(late.statusCode()).isIn(429, 504);
    hold.countDown();
    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(queued.join().statusCode()).isEqualTo(200);
  }

  @Test
  void whoWaitsTooLongIsTold() throws IOException {
    holdEverything();
    start(c -> with(c, 1, 1, 5, Duration.ofSeconds(5)));
    CompletableFuture<HttpResponse<byte[]>> running = postLater(sealed(1, "m", 0));
    await(() -> status().integer("in-flight", 0, 9) == 1);
    assertProblem(post(sealed(2, "n", 0), "X-Sesemi-Deadline-Ms", "50"), 504, "packer.deadline");
    assertThat(status().object("queue").integer("length", 0, 9)).isZero();
    hold.countDown();
    assertThat(running.join().statusCode()).isEqualTo(200);
  }

  @Test
  void aFailedFunctionGivesItsPlaceBack() throws IOException {
    platform =
        new FakePlatform(
            (_, _, _) -> {
              throw new FunctionPlatformException(
                  FunctionPlatformException.Code.CRASHED, "sandbox ended with exit code 137");
            });
    start(c -> with(c, 1, 1, 0, Duration.ofSeconds(1)));
    for (int i = 0; i < 5; i++) {
      HttpResponse<byte[]> response = post(sealed(1, "m", 0));
      assertProblem(response, 503, "function.crashed");
      assertThat(Problem.decode(response.body()).requestId()).isPresent();
      assertThat(Problem.decode(response.body()).retryable()).isTrue();
      assertThat(response.headers().firstValue("retry-after")).isPresent();
    }
    assertThat(status().integer("in-flight", 0, 0)).isZero();
  }

  @Test
  void aDefectIsAnAnswerToo() throws IOException {
    platform =
        new FakePlatform(
            (_, _, _) -> {
              throw new IllegalStateException("secret of the packer");
            });
    start(c -> with(c, 1, 1, 0, Duration.ofSeconds(1)));
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response = post(sealed(1, "m", 0));
      assertProblem(response, 500, "packer.internal");
      assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("secret");
    }
  }

  @Test
  void problemsOfTheFunctionPassThrough() throws IOException {
    byte[] problem = "{\"code\":\"grant.none\"}".getBytes(StandardCharsets.UTF_8);
    platform =
        new FakePlatform(
            (_, _, _) ->
                FakePlatform.answer(403, problem, Map.of("content-type", Problem.MEDIA_TYPE)));
    start(c -> c);
    HttpResponse<byte[]> response = post(sealed(1, "m", 0));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).isEqualTo(problem);
    assertThat(response.headers().firstValue("content-type")).contains(Problem.MEDIA_TYPE);
  }

  @Test
  void readinessTellsTheTruth() throws IOException {
    start(c -> c);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    platform.obstacle("no platform daemon answers");
    HttpResponse<byte[]> blocked = get("/health/ready");
    assertThat(blocked.statusCode()).isEqualTo(503);
    assertThat(new String(blocked.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"ready\":false,\"reason\":\"no platform daemon answers\"}");
    assertThat(status().text("status")).isEqualTo("blocked");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void statusAndMetricsCount() throws IOException {
    start(c -> c);
    post(sealed(1, "m", 10));
    post(new byte[] {1});
    String metrics = new String(get("/metrics").body(), StandardCharsets.UTF_8);
    assertThat(metrics)
        .contains("sesemi_packer_requests_total{outcome=\"ok\"} 1\n")
        .contains("sesemi_packer_requests_total{outcome=\"envelope.malformed\"} 1\n")
        .contains("sesemi_packer_placements_total{reason=\"cold\"} 1\n")
        .contains("sesemi_packer_request_duration_seconds_count 2\n")
        .contains("sesemi_packer_request_size_bytes_bucket{le=\"1024\"} 1\n")
        .contains("sesemi_packer_request_size_bytes_bucket{le=\"+Inf\"} 1\n")
        .contains("sesemi_platform_sandbox_starts_total{function=\"function-0\"} 1\n");
    assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
        .allMatch(line -> line.matches("[a-z_]+(\\{[a-z]+=\"[^\"]*\"\\})? [0-9.Ee-]+"));
    assertThat(metrics).doesNotContain(new PartyId(Digest.sha256(new byte[] {1})).hex());
    String status = Json.pretty(Json.parse(get("/v1/status").body()));
    assertThat(status).contains("\"label\": \"function-0.1\"").contains("/m\"");
    assertThat(status).doesNotContain(new PartyId(Digest.sha256(new byte[] {1})).hex());
  }

  @Test
  void otherPathsAndMethodsAreProblems() throws IOException {
    start(c -> c);
    assertProblem(get("/"), 404, "packer.no-route");
    assertProblem(get("/v1/invoke"), 405, "packer.method");
    assertThat(get("/v1/invoke").headers().firstValue("allow")).contains("POST");
  }

  @Test
  void noiseOnTheSocketDoesNoHarm() throws IOException {
    start(c -> c);
    byte[] request =
        "POST /v1/invoke HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd"
            .getBytes(StandardCharsets.US_ASCII);
    Property.check(
        "noise on the socket",
        150,
        random -> {
          byte[] noise = request.clone();
          for (int i = random.nextInt(1, 5); i > 0; i--) {
            noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
          }
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), packer().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(noise);
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                .doesNotContain("Exception")
                .doesNotContain("HTTP/1.1 200");
          } catch (SocketException _) {
            // Reset by the server, which is an answer too.
          }
        });
    assertThat(post(sealed(1, "m", 3)).statusCode()).isEqualTo(200);
  }

  @Test
  void aShutdownLetsRequestsEndAndRefusesNewOnes() throws Exception {
    holdEverything();
    start(c -> with(c, 1, 1, 5, Duration.ofSeconds(20)));
    CompletableFuture<HttpResponse<byte[]>> running = postLater(sealed(1, "m", 0));
    CompletableFuture<HttpResponse<byte[]>> waiting = postLater(sealed(1, "m", 0));
    await(() -> status().object("queue").integer("length", 0, 9) == 1);
    Thread closing = Thread.ofVirtual().name("closing").start(packer()::close);
    await(() -> get("/health/ready").statusCode() == 503);
    assertThat(status().text("status")).isEqualTo("draining");
    assertProblem(post(sealed(1, "m", 0)), 503, "packer.draining");
    hold.countDown();
    assertThat(running.join().statusCode()).isEqualTo(200);
    assertThat(waiting.join().statusCode()).isEqualTo(200);
    closing.join();
  }
}
