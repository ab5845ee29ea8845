package org.sesemi.runtime.internal;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sesemi.crypto.RequestOpener;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Problem;
import org.sesemi.wire.SealedRequestHeader;

/**
 * What every transport does with a sealed request: lets it in, has it served, counts it, and turns
 * failures into problems.
 */
public final class InvokeApi {

  private static final System.Logger LOG = System.getLogger(InvokeApi.class.getName());

  private final RequestServer server;
  private final Admission admission;
  private final Metrics metrics;
  private final LongSupplier ticker;
  private final Duration timeout;
  private final int maxBytes;

  /**
   * Makes the entry.
   *
   * @param server serves what is let in
   * @param admission the bounds
   * @param metrics where requests are counted
   * @param ticker a clock in nanoseconds
   * @param timeout the time allowed when a request names none, and the most it can name
   * @param maxBytes the largest sealed request
   */
  public InvokeApi(
      RequestServer server,
      Admission admission,
      Metrics metrics,
      LongSupplier ticker,
      Duration timeout,
      int maxBytes) {
    this.server = server;
    this.admission = admission;
    this.metrics = metrics;
    this.ticker = ticker;
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  /**
   * The end of one request.
   *
   * @param answer the encoded sealed answer, unless it failed
   * @param problem what failed
   * @param headers what transports tell beside it
   */
  public record Outcome(
      Optional<ByteBuffer> answer, Optional<Problem> problem, Map<String, String> headers) {}

  /**
   * Serves a sealed request.
   *
   * @param envelope the sealed request
   * @param allowed the time allowed, when the carrier named one
   */
  public Outcome invoke(ByteBuffer envelope, Optional<Duration> allowed) {
    long start = ticker.getAsLong();
    StageTimes times = new StageTimes(ticker);
    Duration time = allowed.filter(named -> named.compareTo(timeout) < 0).orElse(timeout);
    Optional<SealedRequestHeader> header = Optional.empty();
    try (Admission.Pass _ = admission.enter()) {
      if (envelope.remaining() > maxBytes) {
        throw new FunctionException(
            FunctionException.Code.REQUEST_TOO_LARGE,
            "the request has " + envelope.remaining() + " bytes, the limit is " + maxBytes);
      }
      header = Optional.of(RequestOpener.header(envelope));
      RequestServer.Answer answer = server.serve(envelope, Deadline.after(ticker, time), times);
      count(answer.outcome(), answer.temperature().text(), times, start);
      Map<String, String> headers = headers(header, times);
      headers.put("X-Sesemi-Path", answer.temperature().text());
      return new Outcome(Optional.of(answer.body()), Optional.empty(), headers);
    } catch (CodedException e) {
      return failed(Problem.of(e), header, times, start);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return failed(unexpected(e), header, times, start);
    }
  }

  private Outcome failed(
      Problem problem, Optional<SealedRequestHeader> header, StageTimes times, long start) {
    count(problem.code(), "failed", times, start);
    Problem named = header.map(known -> problem.withRequestId(known.requestId())).orElse(problem);
    Map<String, String> headers = headers(header, times);
    if (problem.status() == 429 || problem.status() == 503) {
      headers.put("Retry-After", "1");
    }
    return new Outcome(Optional.empty(), Optional.of(named), headers);
  }

  /** Notes where a defect is; messages of unknown exceptions may quote data and stay out. */
  private static Problem unexpected(Throwable e) {
    StringBuilder text = new StringBuilder(e.getClass().getName());
    for (StackTraceElement element : e.getStackTrace()) {
      text.append("\n    at ").append(element);
    }
    LOG.log(System.Logger.Level.ERROR, text.toString());
    return Problem.of(FunctionException.Code.INTERNAL, "the runtime failed unexpectedly");
  }

  private static Map<String, String> headers(
      Optional<SealedRequestHeader> header, StageTimes times) {
    Map<String, String> headers = new LinkedHashMap<>();
    header.ifPresent(known -> headers.put("X-Request-Id", known.requestId().hex()));
    String timing = times.header();
    if (!timing.isEmpty()) {
      headers.put("Server-Timing", timing);
    }
    return headers;
  }

  private void count(String outcome, String path, StageTimes times, long start) {
    metrics.count("requests_total", "outcome=\"" + outcome + "\",path=\"" + path + "\"");
    metrics.observe(
        "request_duration_seconds", "path=\"" + path + "\"", ticker.getAsLong() - start);
    times
        .nanos()
        .forEach(
            (stage, nanos) ->
                metrics.observe("phase_duration_seconds", "phase=\"" + stage.text() + "\"", nanos));
  }
}
