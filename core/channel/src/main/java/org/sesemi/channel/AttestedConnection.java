package org.sesemi.channel;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import org.sesemi.attestation.Claims;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.VerificationRecord;

/**
 * A connection to an attested server: requests one after another, each with its response.
 *
 * <p>After a failure it is closed and stays so; a new connection is made, and attested, by whoever
 * needs one. Thread-safe: requests of several threads wait for each other.
 */
public final class AttestedConnection implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AttestedConnection.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final SSLSocket socket;
  private final TlsTransport transport;
  private final HttpInput input;
  private final Watchdog watchdog;
  private final Watchdog.Watch watch;
  private final FirstExchange.Server server;
  private final String host;
  private final HttpLimits limits;
  private volatile boolean open = true;

  AttestedConnection(
      SSLSocket socket,
      Watchdog watchdog,
      Watchdog.Watch watch,
      FirstExchange.Server server,
      InetSocketAddress address,
      HttpLimits limits)
      throws IOException {
    this.socket = socket;
    this.transport = new TlsTransport(socket);
    this.input = new HttpInput(transport, watch, limits.maxHeaderBytes());
    this.watchdog = watchdog;
    this.watch = watch;
    this.server = server;
    this.host = address.getHostString() + ":" + address.getPort();
    this.limits = limits;
  }

  /** {@return what was verified about the server} */
  public Claims claims() {
    return server.claims();
  }

  /** {@return what the server says about itself; its evidence covers it} */
  public Bytes claimsBytes() {
    return server.claimsBytes();
  }

  /** {@return the key in the server's certificate; its evidence covers it} */
  public IdentityPublicKey serverKey() {
    return server.key();
  }

  /** {@return every check that was made on the server} */
  public VerificationRecord record() {
    return server.record();
  }

  /** {@return whether requests can still be sent; the peer may have gone without a word} */
  public boolean isOpen() {
    return open;
  }

  /**
   * Sends a request and waits for the response, at most as long as the limit for bodies says.
   *
   * @param request the request
   * @return the response, of whatever status
   * @throws ChannelException when the connection fails; whether the server saw the request is then
   *     unknown
   */
  public HttpResponse send(HttpRequest request) {
    return send(request, limits.bodyTimeout());
  }

  /**
   * Sends a request and waits for the response.
   *
   * @param request the request
   * @param timeout how long to wait for the response to begin
   * @return the response, of whatever status
   * @throws ChannelException when the connection fails; whether the server saw the request is then
   *     unknown
   */
  public HttpResponse send(HttpRequest request, Duration timeout) {
    lock.lock();
    try {
      if (!open) {
        throw new ChannelException(Code.CLOSED, "the connection is closed");
      }
      boolean keep = false;
      try {
        watch.allow(limits.writeTimeout());
        transport.write(HttpOutput.head(request, host), request.body().duplicate());
        HttpHead head =
            input
                .head(timeout, limits.headerTimeout())
                .orElseThrow(
                    () -> new ChannelException(Code.CLOSED, "the server closed the connection"));
        HttpResponse response =
            new HttpResponse(head.status(), head.headers(), body(request, head));
        if (input.hasMore()) {
          throw new ChannelException(Code.HTTP_MALFORMED, "more came than the response");
        }
        keep = !head.close();
        return response;
      } catch (IOException e) {
        throw Failures.of(e, watch);
      } finally {
        watch.relax();
        if (!keep) {
          close();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private ByteBuffer body(HttpRequest request, HttpHead head) throws IOException {
    if (request.method().equals("HEAD")) {
      return ByteBuffer.allocate(0);
    }
    if (head.contentLength() < 0) {
      throw new ChannelException(Code.HTTP_LENGTH, "a response without Content-Length");
    }
    if (head.contentLength() > limits.maxBodyBytes()) {
      throw new ChannelException(
          Code.HTTP_BODY_TOO_LARGE,
          "the response has "
              + head.contentLength()
              + " bytes, the limit is "
              + limits.maxBodyBytes());
    }
    ByteBuffer body = ByteBuffer.allocate((int) head.contentLength());
    input.body(body, limits.bodyTimeout());
    return body.flip();
  }

  @Override
  public void close() {
    open = false;
    watch.allow(limits.writeTimeout());
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing", e);
    } finally {
      watchdog.close();
    }
  }
}
