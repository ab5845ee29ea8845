package org.sesemi.packer.internal;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.sesemi.packer.PackerConfig;
import org.sesemi.packer.PackerException;
import org.sesemi.platform.Deadline;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.FunctionPlatformException;
import org.sesemi.platform.InvokeResult;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.SealedRequestHeader;

/**
 * Takes one sealed request, has it placed and served, and passes the answer on.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Only the clear header is read. The sealed bytes go to the function as they came, and its
 *       answer comes back as it was.
 *   <li>Every place taken is given back, however the request ends.
 *   <li>Every failure is a problem document with a code.
 * </ul>
 */
final class InvokeHandler implements Handler {

  static final HeaderName DEADLINE = HeaderNames.create("X-Sesemi-Deadline-Ms");
  static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
  static final HeaderName PATH = HeaderNames.create("X-Sesemi-Path");
  static final HeaderName SERVER_TIMING = HeaderNames.create("Server-Timing");

  private static final Logger LOG = System.getLogger(InvokeHandler.class.getName());
  private static final Header CLOSE = HeaderValues.create(HeaderNames.CONNECTION, "close");
  private static final int DIRECT_READ = 1 << 20;

  private final PackerConfig config;
  private final FunctionPlatform platform;
  private final Dispatcher dispatcher;
  private final Metrics metrics;
  private final InstantSource clock;

  InvokeHandler(
      PackerConfig config,
      FunctionPlatform platform,
      Dispatcher dispatcher,
      Metrics metrics,
      InstantSource clock) {
    this.config = config;
    this.platform = platform;
    this.dispatcher = dispatcher;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Returns the name of a function of the pool. */
  static String functionName(int number) {
    return "function-" + number;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    Instant begun = clock.instant();
    Optional<RequestId> id = Optional.empty();
    String outcome;
    try {
      if (dispatcher.isDraining()) {
        throw new PackerException(PackerException.Code.DRAINING, "the packer is shutting down");
      }
      Deadline deadline = deadline(request, begun);
      byte[] sealed = body(request);
      SealedRequestHeader header = SealedRequestHeader.ofEnvelope(ByteBuffer.wrap(sealed));
      id = Optional.of(header.requestId());
      outcome = serve(sealed, header, deadline, begun, response);
    } catch (Dispatcher.BusyException e) {
      PackerException busy =
          new PackerException(
              PackerException.Code.QUEUE_FULL,
              dispatcher.view().queued() + " requests wait already",
              e);
      response.header(HeaderNames.RETRY_AFTER, Long.toString(e.retryAfter().toSeconds()));
      outcome = fail(request, response, busy, id);
    } catch (CodedException e) {
      outcome = fail(request, response, e, id);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request failed by a defect", e);
      outcome =
          fail(
              request,
              response,
              new PackerException(PackerException.Code.INTERNAL, "the packer has a defect", e),
              id);
    }
    metrics.ended(outcome, Duration.between(begun, clock.instant()));
    if (response.headers().contains(CLOSE)) {
      // The rest of the body is still on its way and must not be taken for the next request.
      throw new CloseConnectionException("the body of a refused request was not read");
    }
  }

  private String serve(
      byte[] sealed,
      SealedRequestHeader header,
      Deadline deadline,
      Instant begun,
      ServerResponse response) {
    Dispatcher.Place place = dispatcher.await(header.user(), header.model(), deadline);
    Duration queued = Duration.between(begun, clock.instant());
    Scheduler.Outcome outcome = Scheduler.Outcome.ABANDONED;
    InvokeResult result;
    try {
      metrics.placed(place.reason(), queued);
      result = platform.invoke(functionName(place.function()), sealed, deadline);
      outcome = result.status() == 200 ? Scheduler.Outcome.ANSWERED : Scheduler.Outcome.ABANDONED;
    } catch (FunctionPlatformException e) {
      outcome = outcomeOf(e);
      throw e;
    } finally {
      dispatcher.end(place, outcome);
    }
    metrics.served(result.waiting(), result.serving(), sealed.length, result.body().length);
    send(response, header.requestId(), place, queued, result);
    return result.status() == 200 ? "ok" : "function-status-" + result.status() / 100 + "xx";
  }

  /** Tells from a failure whether the function still holds what it held. */
  private static Scheduler.Outcome outcomeOf(FunctionPlatformException e) {
    return e.errorCode() == FunctionPlatformException.Code.DEADLINE
        ? Scheduler.Outcome.ABANDONED
        : Scheduler.Outcome.FAILED;
  }

  private static void send(
      ServerResponse response,
      RequestId id,
      Dispatcher.Place place,
      Duration queued,
      InvokeResult result) {
    String own =
        String.format(
            Locale.ROOT,
            "packer-queue;dur=%s;desc=\"%s\", packer-start;dur=%s, packer-function;dur=%s",
            millis(queued),
            place.reason().text(),
            millis(result.waiting()),
            millis(result.serving()));
    response
        .status(result.status())
        .header(REQUEST_ID, result.header("x-request-id").orElse(id.hex()))
        .header(
            HeaderNames.CONTENT_TYPE,
            result.header("content-type").orElse("application/octet-stream"))
        .header(
            SERVER_TIMING,
            result.header("server-timing").map(theirs -> theirs + ", " + own).orElse(own));
    result.header("x-sesemi-path").ifPresent(path -> response.header(PATH, path));
    result
        .header("retry-after")
        .ifPresent(after -> response.header(HeaderNames.RETRY_AFTER, after));
    response.send(result.body());
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
  }

  private String fail(
      ServerRequest request, ServerResponse response, CodedException e, Optional<RequestId> id) {
    Problem problem = Problem.of(e);
    if (id.isPresent()) {
      problem = problem.withRequestId(id.get());
      response.header(REQUEST_ID, id.get().hex());
    }
    if (endsConnection(request)) {
      response.header(CLOSE);
    }
    if (problem.status() == 503 && !response.headers().contains(HeaderNames.RETRY_AFTER)) {
      response.header(HeaderNames.RETRY_AFTER, "1");
    }
    sendProblem(response, problem);
    return e.code();
  }

  /** Reads what is left of a body that is not too large; otherwise the connection ends. */
  private boolean endsConnection(ServerRequest request) {
    if (!request.content().hasEntity() || request.content().consumed()) {
      return false;
    }
    long limit = 2L * config.payloadLimit();
    if (request.headers().contentLength().orElse(0) > limit) {
      return true;
    }
    try {
      InputStream in = request.content().inputStream();
      return in.skip(limit) == limit || in.read() >= 0;
    } catch (IOException | RuntimeException _) {
      return true;
    }
  }

  static void sendProblem(ServerResponse response, Problem problem) {
    response
        .status(Status.create(problem.status()))
        .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .send(problem.encode());
  }

  private Deadline deadline(ServerRequest request, Instant begun) {
    Duration wanted = config.defaultDeadline();
    Optional<String> header = request.headers().first(DEADLINE);
    if (header.isPresent()) {
      if (!header.get().matches("[1-9][0-9]{0,9}")) {
        throw new PackerException(
            PackerException.Code.HEADER, "X-Sesemi-Deadline-Ms is not a number of milliseconds");
      }
      wanted = Duration.ofMillis(Long.parseLong(header.get()));
    }
    Duration bounded = wanted.compareTo(config.maxDeadline()) > 0 ? config.maxDeadline() : wanted;
    return new Deadline(begun.plus(bounded));
  }

  private byte[] body(ServerRequest request) {
    int limit = config.payloadLimit();
    OptionalLong announced = request.headers().contentLength();
    if (announced.isPresent() && announced.getAsLong() > limit) {
      throw tooLarge(announced.getAsLong() + " bytes");
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      if (announced.isPresent() && announced.getAsLong() <= DIRECT_READ) {
        byte[] body = new byte[(int) announced.getAsLong()];
        if (in.readNBytes(body, 0, body.length) < body.length) {
          throw cut();
        }
        return body;
      }
      byte[] body = in.readNBytes(limit + 1);
      if (body.length > limit) {
        throw tooLarge("more than " + limit + " bytes");
      }
      if (announced.isPresent() && body.length < announced.getAsLong()) {
        throw cut();
      }
      return body;
    } catch (IOException e) {
      throw new PackerException(
          PackerException.Code.PAYLOAD_CUT, "the body could not be read to its end", e);
    }
  }

  private static PackerException cut() {
    return new PackerException(
        PackerException.Code.PAYLOAD_CUT, "the body ended before its announced length");
  }

  private PackerException tooLarge(String size) {
    return new PackerException(
        PackerException.Code.PAYLOAD_TOO_LARGE,
        "the request has " + size + ", the limit is " + config.payloadLimit() + " bytes");
  }
}
