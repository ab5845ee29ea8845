package org.sesemi.runtime.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.sesemi.channel.ChannelException;
import org.sesemi.channel.HttpHandler;
import org.sesemi.channel.HttpHeaders;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.HttpResponse;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.Problem;

/** The paths of the runtime's listener. */
public final class HttpApi implements HttpHandler {

  private static final String JSON = "application/json";
  private static final String OCTETS = "application/octet-stream";

  private final InvokeApi invoke;
  private final ActionApi action;
  private final Metrics metrics;
  private final Supplier<Optional<String>> unreadiness;

  /**
   * Makes the paths.
   *
   * @param invoke serves sealed requests
   * @param action speaks the action container contract
   * @param metrics what {@code /metrics} shows
   * @param unreadiness gives the reason why requests cannot be served now, or nothing
   */
  public HttpApi(
      InvokeApi invoke, ActionApi action, Metrics metrics, Supplier<Optional<String>> unreadiness) {
    this.invoke = invoke;
    this.action = action;
    this.metrics = metrics;
    this.unreadiness = unreadiness;
  }

  @Override
  public HttpResponse handle(HttpRequest request) {
    return switch (request.method() + " " + request.path()) {
      case "POST /v1/invoke" -> invoke(request);
      case "POST /init" -> action(action.init(request.body()));
      case "POST /run" -> action(action.run(request.body()));
      case "GET /health/live" -> health(true, Optional.empty());
      case "GET /health/ready" -> health(false, unreadiness.get());
      case "GET /metrics" ->
          HttpResponse.ok(
              "text/plain; version=0.0.4; charset=utf-8",
              metrics.text().getBytes(StandardCharsets.UTF_8));
      default ->
          HttpResponse.problem(
              Problem.of(
                  ChannelException.Code.HTTP_NOT_FOUND,
                  "nothing is served here; sealed requests go to POST /v1/invoke"));
    };
  }

  private HttpResponse invoke(HttpRequest request) {
    Optional<String> type = request.headers().first("Content-Type");
    if (type.isPresent() && !type.get().toLowerCase(Locale.ROOT).startsWith(OCTETS)) {
      return HttpResponse.problem(
          Problem.of(
              FunctionException.Code.MEDIA_TYPE, "the body is not said to be a sealed request"));
    }
    InvokeApi.Outcome outcome = invoke.invoke(request.body(), allowed(request));
    ByteBuffer body =
        outcome.answer().orElseGet(() -> ByteBuffer.wrap(outcome.problem().orElseThrow().encode()));
    HttpHeaders headers =
        HttpHeaders.NONE.with(
            "Content-Type", outcome.problem().isPresent() ? Problem.MEDIA_TYPE : OCTETS);
    for (Map.Entry<String, String> entry : outcome.headers().entrySet()) {
      headers = headers.with(entry.getKey(), entry.getValue());
    }
    return new HttpResponse(outcome.problem().map(Problem::status).orElse(200), headers, body);
  }

  private static Optional<Duration> allowed(HttpRequest request) {
    return request
        .headers()
        .first("X-Sesemi-Deadline-Ms")
        .map(
            text -> {
              if (!text.matches("[0-9]{1,12}")) {
                throw new FunctionException(
                    FunctionException.Code.REQUEST_MALFORMED,
                    "X-Sesemi-Deadline-Ms is not a number of milliseconds");
              }
              return Duration.ofMillis(Long.parseLong(text));
            });
  }

  private static HttpResponse action(ActionApi.Reply reply) {
    return new HttpResponse(
        reply.status(),
        HttpHeaders.NONE.with("Content-Type", JSON),
        ByteBuffer.wrap(Json.write(reply.body())));
  }

  private static HttpResponse health(boolean live, Optional<String> reason) {
    JsonObject.Builder body =
        JsonObject.builder().put("live", true).put("ready", !live && reason.isEmpty());
    if (live) {
      body = JsonObject.builder().put("live", true);
    }
    body.putIfPresent("reason", reason);
    return new HttpResponse(
        reason.isEmpty() ? 200 : 503,
        HttpHeaders.NONE.with("Content-Type", JSON),
        ByteBuffer.wrap(Json.write(body.build())));
  }
}
