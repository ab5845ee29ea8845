package org.sesemi.channel;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A small HTTP/1.1 server on plain TCP: one virtual thread per connection, bodies of fixed length.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Connections, requests, headers, bodies and the time for each part of a message are bounded;
 *       whoever exceeds a bound gets an answer with a code where one can be given.
 *   <li>A message is either read in one way or refused; a connection is closed after a message that
 *       breaks a rule.
 *   <li>Nothing is confidential here: what must be secret is sealed before it gets here.
 * </ul>
 */
public final class HttpListener implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final HttpServer server;

  private HttpListener(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts listening.
   *
   * @param bind the address; port 0 takes a free one
   * @param limits bounds on what peers can take
   * @param handler answers the requests
   * @return the running listener
   * @throws ChannelException with {@code channel.unreachable} when the address cannot be used
   */
  public static HttpListener start(InetSocketAddress bind, HttpLimits limits, HttpHandler handler) {
    return new HttpListener(
        HttpServer.start(
            "http",
            bind,
            limits,
            (server, channel, watch) ->
                new HttpServerConnection(server, new PlainTransport(channel), watch, handler)
                    .serve(),
            true));
  }

  /** {@return where it listens} */
  public InetSocketAddress address() {
    return server.address();
  }

  /** {@return how many connections are open} */
  public int openConnections() {
    return server.openConnections();
  }

  /**
   * Stops accepting, lets requests in flight end within the time given, and closes all connections.
   *
   * @param grace how long to wait
   */
  public void close(Duration grace) {
    server.close(grace);
  }

  /** Closes with a few seconds for requests in flight. */
  @Override
  public void close() {
    close(GRACE);
  }
}
