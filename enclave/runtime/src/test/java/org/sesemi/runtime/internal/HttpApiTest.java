package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.channel.HttpHeaders;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.HttpResponse;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Problem;

/** The paths of the listener, without sockets. */
class HttpApiTest {

  private static final String SENTINEL = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n";

  @TempDir Path storage;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Metrics metrics = new Metrics();
  private Optional<String> unready = Optional.empty();
  private World world;
  private PartyId user;
  private Samples.Row row;
  private HttpApi api;

  @BeforeEach
  void start() throws IOException {
    world = new World(storage);
    world.publish("forest", Samples.forest());
    user = world.user();
    row = Samples.rows().getFirst();
    InvokeApi invoke =
        new InvokeApi(
            world.server,
            world.admission,
            metrics,
            System::nanoTime,
            Duration.ofSeconds(30),
            100_000);
    ActionApi action =
        new ActionApi(
            invoke, world.time, List.of(new PrintStream(log, true, StandardCharsets.UTF_8)));
    api = new HttpApi(invoke, action, metrics, () -> unready);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private PendingRequest seal() {
    return world.seal(user, "forest", row.request());
  }

  private HttpResponse post(String path, ByteBuffer body) {
    return api.handle(new HttpRequest("POST", path, HttpHeaders.NONE, body));
  }

  private HttpResponse post(String path, String json) {
    return post(path, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
  }

  private HttpResponse get(String path) {
    return api.handle(HttpRequest.get(path));
  }

  private static String text(HttpResponse response) {
    return new String(response.bodyBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void invokeAnswersWithTimingsAndTemperature() {
    PendingRequest pending = seal();
    HttpResponse response = post("/v1/invoke", pending.envelope());
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().first("X-Sesemi-Path")).contains("cold");
    assertThat(response.headers().first("X-Request-Id"))
        .contains(pending.header().requestId().hex());
    assertThat(response.headers().first("Server-Timing").orElseThrow())
        .contains("keys;dur=", "fetch;dur=", "decrypt;dur=", "load;dur=", "open;dur=")
        .contains("infer;dur=", "seal;dur=", "queue;dur=");
    assertThat(
            row.rightly(
                OipCodec.decodeResponse(world.open(pending, response.body()).content().body())))
        .isTrue();
    assertThat(post("/v1/invoke", seal().envelope()).headers().first("X-Sesemi-Path"))
        .contains("hot");
  }

  @Test
  void failuresAreProblemDocuments() {
    HttpResponse response = post("/v1/invoke", ByteBuffer.allocate(7));
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.headers().first("Content-Type")).contains(Problem.MEDIA_TYPE);
    assertThat(Problem.decode(response.bodyBytes()).code()).isEqualTo("envelope.malformed");
    assertThat(Problem.decode(post("/v1/invoke", ByteBuffer.allocate(100_001)).bodyBytes()).code())
        .isEqualTo("request.too-large");
    HttpResponse json =
        api.handle(HttpRequest.post("/v1/invoke", "application/json", new byte[] {'{', '}'}));
    assertThat(json.status()).isEqualTo(415);
    assertThat(get("/v1/invoke").status()).isEqualTo(404);
    assertThat(post("/", "").status()).isEqualTo(404);
  }

  @Test
  void aFullQueueAsksToComeBack() {
    List<Admission.Pass> passes = new ArrayList<>();
    for (int i = 0; i < 1004; i++) {
      passes.add(world.admission.enter());
    }
    HttpResponse response = post("/v1/invoke", seal().envelope());
    assertThat(response.status()).isEqualTo(429);
    assertThat(response.headers().first("Retry-After")).contains("1");
    passes.forEach(Admission.Pass::close);
    assertThat(post("/v1/invoke", seal().envelope()).status()).isEqualTo(200);
    world.admission.drain();
    HttpResponse draining = post("/v1/invoke", seal().envelope());
    assertThat(draining.status()).isEqualTo(503);
    assertThat(draining.headers().first("Retry-After")).contains("1");
    assertThat(Problem.decode(draining.bodyBytes()).retryable()).isTrue();
  }

  @Test
  void aDeadlineEndsTheRequest() {
    HttpResponse response =
        api.handle(
            new HttpRequest(
                "POST",
                "/v1/invoke",
                HttpHeaders.NONE.with("X-Sesemi-Deadline-Ms", "0"),
                seal().envelope()));
    assertThat(response.status()).isEqualTo(504);
    assertThat(Problem.decode(response.bodyBytes()).code()).isEqualTo("request.deadline");
  }

  @Test
  void theActionContractRunsSealedRequests() {
    HttpResponse init =
        post(
            "/init",
            "{\"value\":{\"name\":\"f\",\"main\":\"main\",\"binary\":false,\"env\":{\"A\":\"b\"}}}");
    assertThat(init.status()).isEqualTo(200);
    assertThat(log.size()).isZero();
    PendingRequest pending = seal();
    HttpResponse response = post("/run", run(pending.envelope()));
    assertThat(response.status()).isEqualTo(200);
    JsonObject answer = Json.parseObject(response.bodyBytes());
    assertThat(answer.get("x-sesemi-path")).contains(new JsonString("cold"));
    byte[] sealed =
        Base64.getUrlDecoder().decode(((JsonString) answer.get("answer").orElseThrow()).value());
    assertThat(world.open(pending, ByteBuffer.wrap(sealed)).content().outcome()).isEqualTo("ok");
    assertThat(log.toString(StandardCharsets.UTF_8)).isEqualTo(SENTINEL);
    HttpResponse second = post("/init", "{\"value\":{}}");
    assertThat(second.status()).isEqualTo(502);
    assertThat(text(second)).contains("\"error\":{", "\"code\":\"runtime.initialised\"");
  }

  private static String run(ByteBuffer envelope) {
    byte[] bytes = new byte[envelope.remaining()];
    envelope.get(bytes);
    return "{\"value\":{\"request\":\""
        + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
        + "\"},\"namespace\":\"guest\",\"activation_id\":\"a\",\"deadline\":\"99999999999999\"}";
  }

  @Test
  void theActionContractNeverAnswersWithAStatusThatDestroysTheContainer() {
    for (String body :
        List.of(
            "",
            "[]",
            "\"x\"",
            "{}",
            "{\"value\":7}",
            "{\"value\":{}}",
            "{\"value\":{\"request\":\"***\"}}",
            "{\"value\":{\"request\":\"AAAA\"}}",
            "{\"value\":{\"request\":\"AAAA\"},\"deadline\":\"x\"}",
            "{\"value\":{\"request\":\"AAAA\"},\"deadline\":17}")) {
      HttpResponse response = post("/run", body);
      assertThat(response.status()).as(body).isEqualTo(200);
      assertThat(Json.parseObject(response.bodyBytes()).get("error")).as(body).isPresent();
    }
    world.outage =
        Optional.of(new FunctionException(FunctionException.Code.KEYSERVICE_UNAVAILABLE, "away"));
    HttpResponse response = post("/run", run(seal().envelope()));
    assertThat(response.status()).isEqualTo(200);
    assertThat(text(response)).contains("\"code\":\"keyservice.unavailable\"");
    assertThat(log.size()).isZero();
    assertThat(post("/init", "{").status()).isEqualTo(502);
    assertThat(post("/init", "{\"value\":{}}").status()).isEqualTo(200);
  }

  @Test
  void healthTellsTheTruth() {
    assertThat(get("/health/live").status()).isEqualTo(200);
    assertThat(text(get("/health/ready"))).isEqualTo("{\"live\":true,\"ready\":true}");
    unready = Optional.of("the key service is not reachable");
    assertThat(get("/health/ready").status()).isEqualTo(503);
    assertThat(text(get("/health/ready"))).contains("\"ready\":false", "\"reason\":");
    assertThat(get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void metricsCountOutcomesAndPhases() {
    post("/v1/invoke", seal().envelope());
    post("/v1/invoke", ByteBuffer.allocate(3));
    assertThat(text(get("/metrics")))
        .contains("# TYPE sesemi_runtime_requests_total counter\n")
        .contains("sesemi_runtime_requests_total{outcome=\"ok\",path=\"cold\"} 1\n")
        .contains(
            "sesemi_runtime_requests_total{outcome=\"envelope.malformed\",path=\"failed\"} 1\n")
        .contains("sesemi_runtime_phase_duration_seconds_count{phase=\"infer\"} 1\n")
        .contains("sesemi_runtime_request_duration_seconds_bucket{path=\"cold\",le=\"+Inf\"} 1\n")
        .doesNotContain(user.hex());
  }
}
