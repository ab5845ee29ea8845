package org.sesemi.channel;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.sesemi.wire.CodedException;

/**
 * A server that proves to every client what code it runs, and learns who the client is, before it
 * reads the first request.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A handler is called only for peers that went through the first exchange; the {@link Peer}
 *       it gets is what was proved on this very connection.
 *   <li>Evidence relayed from or to another connection, replayed, spliced or stripped is refused.
 *   <li>TLS 1.3 without resumption; no option turns attestation off.
 *   <li>The bounds of {@link HttpListener} hold; the first exchange has its own.
 * </ul>
 */
public final class AttestedServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AttestedServer.class.getName());
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int DRAIN_BYTES = 1 << 20;

  private final HttpServer server;

  private AttestedServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts listening.
   *
   * @param bind the address; port 0 takes a free one
   * @param identity how the server proves what it is
   * @param rules whom it lets in
   * @param handler answers the requests
   * @param options clock, random source and limits
   * @return the running server
   * @throws ChannelException with {@code channel.unreachable} when the address cannot be used
   */
  public static AttestedServer start(
      InetSocketAddress bind,
      ServerIdentity identity,
      PeerRules rules,
      AttestedHandler handler,
      ChannelOptions options) {
    PlainTls tls = new PlainTls(identity.key());
    return new AttestedServer(
        HttpServer.start(
            "attested",
            bind,
            options.limits(),
            (server, channel, watch) -> {
              channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
              watch.allow(options.limits().firstExchangeTimeout());
              try (SSLSocket socket = tls.wrap(channel.socket(), false)) {
                socket.startHandshake();
                TlsTransport transport = new TlsTransport(socket);
                Peer peer;
                try {
                  peer = FirstExchange.asServer(socket, identity, rules, options);
                } catch (CodedException e) {
                  LOG.log(Level.INFO, "refused {0}: {1}", remote(channel), e.code());
                  leave(transport, watch);
                  return;
                }
                new HttpServerConnection(
                        server, transport, watch, request -> handler.handle(peer, request))
                    .serve();
                watch.allow(options.limits().writeTimeout());
              }
            },
            false));
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

  /** Lets a refused peer read the reason before the connection ends; time goes on running. */
  private static void leave(TlsTransport transport, Watchdog.Watch watch) throws IOException {
    transport.shutdownOutput();
    new HttpInput(transport, watch, HttpLimits.DEFAULT.maxHeaderBytes())
        .drain(Duration.ofSeconds(1), DRAIN_BYTES);
  }

  private static String remote(SocketChannel channel) {
    try {
      return String.valueOf(channel.getRemoteAddress());
    } catch (IOException gone) {
      return "a peer that is gone";
    }
  }
}
