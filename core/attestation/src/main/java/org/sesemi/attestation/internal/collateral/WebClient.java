package org.sesemi.attestation.internal.collateral;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.Bytes;

/**
 * GET requests to services that are slow, throttle, or answer with anything: every answer is
 * bounded in size and in time from first to last byte, redirects are refused, and only the answers
 * 429 and 503 are asked again, after the pause that the service wishes for. Thread-safe.
 */
final class WebClient {

  /**
   * Bounds of one request.
   *
   * @param connect the longest wait for a connection
   * @param total the longest time of one attempt
   * @param maxBytes the most bytes of an answer
   * @param attempts how often to ask a service that throttles
   * @param longestPause the longest wait between two attempts
   */
  record Limits(
      Duration connect, Duration total, int maxBytes, int attempts, Duration longestPause) {

    static final Limits USUAL =
        new Limits(
            Duration.ofSeconds(10), Duration.ofSeconds(30), 1 << 20, 4, Duration.ofSeconds(60));
  }

  /**
   * An answer with status 200.
   *
   * @param body its content
   * @param header the value of the header that was asked for, when it is there
   */
  record Answer(Bytes body, Optional<String> header) {}

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MAX_HEADER = 16 << 10;

  private final Limits limits;
  private final Pause pause;
  private final InstantSource clock;

  WebClient(Limits limits, Pause pause, InstantSource clock) {
    this.limits = limits;
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * Asks for a resource.
   *
   * @param uri where it is
   * @param header a header of the answer to hand out, or an empty name
   */
  Answer get(URI uri, String header) {
    for (int attempt = 1; ; attempt++) {
      Exchange exchange = exchange(uri, header);
      if (exchange.answer != null) {
        return exchange.answer;
      }
      if (attempt == limits.attempts()) {
        throw Unavailable.because(
            uri.getHost() + " answers " + exchange.status + " after " + attempt + " attempts");
      }
      await(uri, exchange.wish.orElse(Duration.ofSeconds(1L << attempt)));
    }
  }

  private void await(URI uri, Duration wish) {
    if (wish.compareTo(limits.longestPause()) > 0) {
      throw Unavailable.because(
          uri.getHost() + " asks to come back in " + wish.toSeconds() + " seconds");
    }
    try {
      pause.pause(wish);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Unavailable.because("interrupted while waiting for " + uri.getHost(), e);
    }
  }

  /** One answer, or the wish to come back later. */
  private record Exchange(int status, @Nullable Answer answer, Optional<Duration> wish) {}

  private Exchange exchange(URI uri, String header) {
    HttpURLConnection connection = null;
    try {
      HttpURLConnection opened = (HttpURLConnection) uri.toURL().openConnection();
      connection = opened;
      FutureTask<Exchange> task = new FutureTask<>(() -> talk(opened, header));
      Thread.ofVirtual().name("collateral-fetch").start(task);
      return task.get(limits.total().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Unavailable.because("interrupted while asking " + uri.getHost(), e);
    } catch (TimeoutException e) {
      throw Unavailable.because(
          uri.getHost() + " takes longer than " + limits.total().toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw Unavailable.because(uri.getHost() + " gives no answer: " + cause.getMessage(), cause);
    } catch (IOException e) {
      throw Unavailable.because(uri.getHost() + " cannot be asked: " + e.getMessage(), e);
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  private Exchange talk(HttpURLConnection connection, String header) throws IOException {
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(millis(limits.connect()));
    // The caller's own clock ends the attempt; this only ends the thread, should all else fail.
    connection.setReadTimeout(millis(limits.total().multipliedBy(2)));
    int status = connection.getResponseCode();
    if (status == TOO_MANY_REQUESTS || status == HttpURLConnection.HTTP_UNAVAILABLE) {
      return new Exchange(status, null, wish(connection.getHeaderField("Retry-After")));
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw new IOException("the status is " + status);
    }
    String value = header.isEmpty() ? null : connection.getHeaderField(header);
    if (value != null && value.length() > MAX_HEADER) {
      throw new IOException("the header " + header + " is too long");
    }
    return new Exchange(
        status, new Answer(body(connection), Optional.ofNullable(value)), Optional.empty());
  }

  private Bytes body(HttpURLConnection connection) throws IOException {
    long length = connection.getContentLengthLong();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (InputStream in = connection.getInputStream()) {
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > limits.maxBytes() || length > limits.maxBytes()) {
          throw new IOException("the answer has more than " + limits.maxBytes() + " bytes");
        }
      }
    }
    if (length >= 0 && body.size() != length) {
      throw new IOException("the answer was cut");
    }
    return Bytes.of(body.toByteArray());
  }

  private Optional<Duration> wish(@Nullable String retryAfter) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    if (retryAfter.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
    }
    try {
      Duration until =
          Duration.between(
              clock.instant(),
              ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return Optional.of(until.isNegative() ? Duration.ZERO : until);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
