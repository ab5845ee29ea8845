package org.sesemi.packer.internal;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sesemi.packer.PackerConfig;
import org.sesemi.packer.PackerException;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.FunctionSpec;
import org.sesemi.platform.FunctionStatus;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.Problem;

/** The packer's HTTP face: routes, health, metrics, and the order of start and shutdown. */
public final class PackerServer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PackerServer.class.getName());

  private static final int MAX_CONNECTIONS = 4096;

  /** How long a connection may say nothing, inside a request or between two. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(1);

  private final PackerConfig config;
  private final FunctionPlatform platform;
  private final InstantSource clock;
  private final Instant started;
  private final Dispatcher dispatcher;
  private final Metrics metrics = new Metrics();
  private final WebServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Deploys the pool and listens.
   *
   * @param config what to do
   * @param platform where the functions run; closed with this server
   * @param clock the clock of deadlines, the same as the platform's
   */
  public PackerServer(PackerConfig config, FunctionPlatform platform, InstantSource clock) {
    this.config = config;
    this.platform = platform;
    this.clock = clock;
    this.started = clock.instant();
    PackerConfig.Pool pool = config.pool();
    this.dispatcher =
        new Dispatcher(
            new Scheduler.Limits(
                pool.functions(),
                pool.concurrency(),
                Math.min(pool.spread(), pool.functions()),
                config.queueLimit(),
                config.patience(),
                pool.keepAlive()),
            clock);
    deploy();
    this.server =
        WebServer.builder()
            .shutdownHook(false)
            .host(config.host())
            .port(config.port())
            .maxTcpConnections(MAX_CONNECTIONS)
            .connectionOptions(socket -> socket.tcpNoDelay(true).readTimeout(READ_TIMEOUT))
            .directHandlers(directHandlers())
            .routing(this::routes)
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      throw new PackerException(
          PackerException.Code.LISTEN,
          "cannot listen on " + config.host() + ":" + config.port(),
          e);
    }
  }

  private void deploy() {
    Bytes runtimeConfig;
    try {
      runtimeConfig = Bytes.of(Files.readAllBytes(config.runtimeConfig()));
    } catch (IOException e) {
      throw new PackerException(
          PackerException.Code.CONFIG,
          "the runtime's configuration " + config.runtimeConfig() + " cannot be read",
          e);
    }
    for (int i = 0; i < config.pool().functions(); i++) {
      platform.deploy(
          new FunctionSpec(
              InvokeHandler.functionName(i),
              config.unit(),
              runtimeConfig,
              config.runtimeParameters(),
              config.pool().memoryBytes(),
              config.pool().concurrency(),
              1,
              config.pool().keepAlive()));
    }
  }

  /** {@return the port that the server listens on} */
  public int port() {
    return server.port();
  }

  private void routes(HttpRouting.Builder routing) {
    routing
        .post("/v1/invoke", new InvokeHandler(config, platform, dispatcher, metrics, clock))
        .get("/v1/status", (_, response) -> json(response, 200, status()))
        .get("/health/live", (_, response) -> json(response, 200, health("live", Optional.empty())))
        .get("/health/ready", (_, response) -> ready(response))
        .get(
            "/metrics",
            (_, response) ->
                response
                    .header(HeaderNames.CONTENT_TYPE, Metrics.PrometheusText.MEDIA_TYPE)
                    .send(metricsText().getBytes(StandardCharsets.UTF_8)))
        .any("/v1/invoke", (_, response) -> wrongMethod(response, "POST"))
        .any("/v1/status", (_, response) -> wrongMethod(response, "GET"))
        .any("/health/live", (_, response) -> wrongMethod(response, "GET"))
        .any("/health/ready", (_, response) -> wrongMethod(response, "GET"))
        .any("/metrics", (_, response) -> wrongMethod(response, "GET"))
        .any(PackerServer::noRoute);
  }

  private static void noRoute(ServerRequest request, ServerResponse response) {
    String what = request.prologue().method().equals(Method.GET) ? "page" : "operation";
    InvokeHandler.sendProblem(
        response, Problem.of(PackerException.Code.NO_ROUTE, "the packer has no such " + what));
  }

  private static void wrongMethod(ServerResponse response, String allowed) {
    Problem problem =
        Problem.of(PackerException.Code.METHOD, "the path takes " + allowed + " only");
    response
        .status(Status.METHOD_NOT_ALLOWED_405)
        .header(HeaderNames.ALLOW, allowed)
        .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .send(
            new Problem(
                    problem.title(),
                    405,
                    problem.detail(),
                    problem.code(),
                    problem.category(),
                    false,
                    problem.hint(),
                    Optional.empty())
                .encode());
  }

  /** Answers what Helidon refuses before a route sees it. */
  private static DirectHandlers directHandlers() {
    DirectHandler handler =
        (_, type, status, headers, message) -> {
          LOG.log(Level.DEBUG, "refused a request: {0}", message);
          boolean large = type == DirectHandler.EventType.PAYLOAD_TOO_LARGE;
          boolean defect = status.code() >= 500;
          Problem problem =
              Problem.of(
                  large
                      ? PackerException.Code.PAYLOAD_TOO_LARGE
                      : defect ? PackerException.Code.INTERNAL : PackerException.Code.HEADER,
                  defect ? "the packer has a defect" : "the request is not proper HTTP");
          return DirectHandler.TransportResponse.builder()
              .status(status)
              .headers(headers)
              .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
              .entity(problem.encode())
              .keepAlive(false)
              .build();
        };
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, handler);
    }
    return handlers.build();
  }

  private static void json(ServerResponse response, int status, JsonObject document) {
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .send(document.toBytes());
  }

  private static JsonObject health(String what, Optional<String> obstacle) {
    return JsonObject.builder()
        .put(what, obstacle.isEmpty())
        .putIfPresent("reason", obstacle)
        .build();
  }

  private void ready(ServerResponse response) {
    Optional<String> obstacle = obstacle();
    json(response, obstacle.isEmpty() ? 200 : 503, health("ready", obstacle));
  }

  /** Returns why a request that came now could not be served. */
  private Optional<String> obstacle() {
    if (dispatcher.isDraining()) {
      return Optional.of("shutting down");
    }
    if (!Files.isDirectory(config.unit())) {
      return Optional.of("the launch folder of the function runtime is not there");
    }
    Optional<String> platformObstacle = platform.obstacle();
    if (platformObstacle.isPresent()) {
      return platformObstacle;
    }
    List<FunctionStatus> functions = functions();
    boolean allFail = functions.stream().allMatch(f -> f.ready() == 0 && f.backOff().isPositive());
    return allFail
        ? Optional.of(
            "no function starts: " + functions.getFirst().lastFailure().orElse("unknown reason"))
        : Optional.empty();
  }

  private List<FunctionStatus> functions() {
    List<FunctionStatus> functions = new ArrayList<>();
    for (int i = 0; i < config.pool().functions(); i++) {
      functions.add(platform.describe(InvokeHandler.functionName(i)));
    }
    return functions;
  }

  private JsonObject status() {
    return StatusDocument.write(
        config,
        dispatcher.view(),
        functions(),
        obstacle(),
        Duration.between(started, clock.instant()));
  }

  private String metricsText() {
    Metrics.PrometheusText out = new Metrics.PrometheusText();
    metrics.write(out);
    Dispatcher.View view = dispatcher.view();
    out.family("sesemi_packer_queue_requests", "gauge", "Requests that wait for a function.");
    out.sample("sesemi_packer_queue_requests", view.queued());
    out.family("sesemi_packer_in_flight_requests", "gauge", "Requests that are at a function.");
    out.sample("sesemi_packer_in_flight_requests", view.inFlight());
    List<FunctionStatus> functions = functions();
    out.family("sesemi_platform_ready_sandboxes", "gauge", "Sandboxes that serve.");
    for (FunctionStatus f : functions) {
      out.sample("sesemi_platform_ready_sandboxes", "function", f.spec().name(), f.ready());
    }
    out.family("sesemi_platform_sandbox_starts_total", "counter", "Sandboxes that became ready.");
    for (FunctionStatus f : functions) {
      out.sample("sesemi_platform_sandbox_starts_total", "function", f.spec().name(), f.starts());
    }
    out.family(
        "sesemi_platform_sandbox_failures_total",
        "counter",
        "Sandboxes that ended on their own or never became ready.");
    for (FunctionStatus f : functions) {
      out.sample(
          "sesemi_platform_sandbox_failures_total", "function", f.spec().name(), f.failures());
    }
    return out.toString();
  }

  /** Refuses new requests, lets those in flight end, then ends server and platform. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    dispatcher.drain(config.drain());
    server.stop();
    try {
      platform.close();
    } catch (CodedException e) {
      LOG.log(Level.WARNING, "the platform did not close", e);
    }
  }
}
