package org.sesemi.runtime.internal;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.Problem;
import org.sesemi.wire.WireException;

/**
 * The action container contract of OpenWhisk: {@code /init} once, then {@code /run} for each
 * activation, both with JSON, sealed bytes as base64url.
 *
 * <p>A refused request is an application error: status 200 with {@code error}, because any other
 * status makes the platform throw the container away, and 503 makes it try for ever.
 */
public final class ActionApi {

  private static final String SENTINEL = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";
  private static final Json.Limits LIMITS = new Json.Limits(32, 10_000);

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the document, an object always
   */
  public record Reply(int status, JsonObject body) {}

  private final InvokeApi invoke;
  private final InstantSource clock;
  private final List<PrintStream> logs;
  private final AtomicBoolean initialised = new AtomicBoolean();

  /**
   * Makes the contract's side of the runtime.
   *
   * @param invoke serves sealed requests
   * @param clock the time of day, in which deadlines are given
   * @param logs the streams that the platform collects; each gets a line after each activation,
   *     once {@code /init} showed that such a platform is there
   */
  public ActionApi(InvokeApi invoke, InstantSource clock, List<PrintStream> logs) {
    this.invoke = invoke;
    this.clock = clock;
    this.logs = List.copyOf(logs);
  }

  /**
   * Answers {@code /init}.
   *
   * @param body the request's body
   */
  public Reply init(ByteBuffer body) {
    try {
      if (!(Json.parse(body, LIMITS) instanceof JsonObject)) {
        return failed(502, "the body of /init is not a JSON object");
      }
    } catch (WireException e) {
      return failed(502, "the body of /init: " + e.detail());
    }
    if (!initialised.compareAndSet(false, true)) {
      return failed(
          502, FunctionException.Code.INITIALISED, "cannot initialise the action more than once");
    }
    return new Reply(200, JsonObject.builder().put("ok", true).build());
  }

  /**
   * Answers {@code /run}.
   *
   * @param body the request's body
   */
  public Reply run(ByteBuffer body) {
    try {
      return activate(body);
    } finally {
      if (initialised.get()) {
        for (PrintStream log : logs) {
          log.println(SENTINEL);
          log.flush();
        }
      }
    }
  }

  private Reply activate(ByteBuffer body) {
    JsonObject document;
    ByteBuffer envelope;
    try {
      if (!(Json.parse(body, LIMITS) instanceof JsonObject object)) {
        return failed(200, "the body of /run is not a JSON object");
      }
      document = object;
      envelope = envelope(document);
    } catch (WireException e) {
      return failed(200, "the body of /run: " + e.detail());
    } catch (IllegalArgumentException e) {
      return failed(200, "\"value.request\" is not base64url");
    } catch (FunctionException e) {
      return failed(200, e.detail());
    }
    InvokeApi.Outcome outcome = invoke.invoke(envelope, allowed(document));
    if (outcome.problem().isPresent()) {
      return new Reply(
          200, JsonObject.builder().put("error", outcome.problem().get().toJson()).build());
    }
    byte[] answer = bytes(outcome.answer().orElseThrow());
    JsonObject.Builder reply =
        JsonObject.builder()
            .put("answer", Base64.getUrlEncoder().withoutPadding().encodeToString(answer));
    outcome.headers().forEach((name, value) -> reply.put(name.toLowerCase(Locale.ROOT), value));
    return new Reply(200, reply.build());
  }

  private static ByteBuffer envelope(JsonObject document) {
    if (document.get("value").orElse(document) instanceof JsonObject value
        && value.get("request").orElse(value) instanceof JsonString(String text)) {
      return ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    }
    throw new FunctionException(
        FunctionException.Code.REQUEST_MALFORMED, "there is no text \"value.request\"");
  }

  /** Reads the deadline, which real invokers send as a text and the documentation as a number. */
  private Optional<Duration> allowed(JsonObject document) {
    Optional<JsonValue> deadline = document.get("deadline");
    if (deadline.isEmpty()) {
      return Optional.empty();
    }
    long millis;
    if (deadline.get() instanceof JsonString(String text) && text.matches("[0-9]{1,15}")) {
      millis = Long.parseLong(text);
    } else if (deadline.get() instanceof JsonNumber number && number.asLong().isPresent()) {
      millis = number.asLong().getAsLong();
    } else {
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(Math.max(0, millis - clock.millis())));
  }

  private static Reply failed(int status, String detail) {
    return failed(status, FunctionException.Code.REQUEST_MALFORMED, detail);
  }

  private static Reply failed(int status, FunctionException.Code code, String detail) {
    Problem problem = Problem.of(code, detail);
    return new Reply(status, JsonObject.builder().put("error", problem.toJson()).build());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(buffer.position(), copy);
    return copy;
  }
}
