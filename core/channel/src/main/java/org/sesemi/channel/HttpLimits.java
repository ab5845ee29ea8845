package org.sesemi.channel;

import java.time.Duration;
import java.util.List;

/**
 * Bounds on what peers can take: connections, requests, bytes and time.
 *
 * @param maxConnections connections open at once; one more is answered with 503
 * @param maxRequests requests in handlers at once; one more is answered with 503
 * @param maxHeaderBytes bytes of one header, request line included
 * @param maxBodyBytes bytes of one body
 * @param maxBufferedBytes bytes of all request bodies held at once; one more is answered with 503
 * @param firstExchangeTimeout from the connection to the end of TLS handshake and attestation
 * @param headerTimeout from the first to the last byte of a header
 * @param bodyTimeout for the whole body of a request, and for the whole response that a client
 *     waits for
 * @param writeTimeout for writing one message
 * @param idleTimeout between two requests of one connection
 */
public record HttpLimits(
    int maxConnections,
    int maxRequests,
    int maxHeaderBytes,
    int maxBodyBytes,
    long maxBufferedBytes,
    Duration firstExchangeTimeout,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration writeTimeout,
    Duration idleTimeout) {

  /** The bounds used when none are given. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          1024,
          256,
          16 * 1024,
          64 * 1024 * 1024,
          512L * 1024 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60));

  /** Checks that every bound leaves something. */
  public HttpLimits {
    if (maxConnections < 1
        || maxRequests < 1
        || maxHeaderBytes < 256
        || maxBodyBytes < 0
        || maxBufferedBytes < maxBodyBytes) {
      throw new IllegalArgumentException("a limit leaves nothing");
    }
    for (Duration timeout :
        List.of(firstExchangeTimeout, headerTimeout, bodyTimeout, writeTimeout, idleTimeout)) {
      if (!timeout.isPositive() || timeout.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("a timeout is between zero and a day, not " + timeout);
      }
    }
  }

  /**
   * {@return these bounds with others for connections and requests}
   *
   * @param connections connections open at once
   * @param requests requests in handlers at once
   */
  public HttpLimits withConcurrency(int connections, int requests) {
    return new HttpLimits(
        connections,
        requests,
        maxHeaderBytes,
        maxBodyBytes,
        maxBufferedBytes,
        firstExchangeTimeout,
        headerTimeout,
        bodyTimeout,
        writeTimeout,
        idleTimeout);
  }

  /**
   * {@return these bounds with others for bodies}
   *
   * @param one bytes of one body
   * @param all bytes of all request bodies held at once
   */
  public HttpLimits withBodyBytes(int one, long all) {
    return new HttpLimits(
        maxConnections,
        maxRequests,
        maxHeaderBytes,
        one,
        all,
        firstExchangeTimeout,
        headerTimeout,
        bodyTimeout,
        writeTimeout,
        idleTimeout);
  }

  /**
   * {@return these bounds with others for time}
   *
   * @param firstExchange for TLS handshake and attestation
   * @param message for a header, for a body and for writing
   * @param idle between two requests
   */
  public HttpLimits withTimeouts(Duration firstExchange, Duration message, Duration idle) {
    return new HttpLimits(
        maxConnections,
        maxRequests,
        maxHeaderBytes,
        maxBodyBytes,
        maxBufferedBytes,
        firstExchange,
        message,
        message,
        message,
        idle);
  }
}
