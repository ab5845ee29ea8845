package org.sesemi.channel;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Problem;

/** Serves the requests of one connection, one after another, until either side ends it. */
final class HttpServerConnection {

  private static final System.Logger LOG = System.getLogger(HttpServerConnection.class.getName());
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final long LINGER_BYTES = 8L << 20;

  private final HttpServer server;
  private final Transport transport;
  private final Watchdog.Watch watch;
  private final HttpHandler handler;
  private final HttpInput input;

  HttpServerConnection(
      HttpServer server, Transport transport, Watchdog.Watch watch, HttpHandler handler) {
    this.server = server;
    this.transport = transport;
    this.watch = watch;
    this.handler = handler;
    this.input = new HttpInput(transport, watch, server.limits().maxHeaderBytes());
  }

  void serve() throws IOException {
    try {
      while (serveOne()) {
        // One request after another.
      }
    } catch (ChannelException broken) {
      // Whoever broke the rules of HTTP gets one answer; where the next message begins is unknown.
      if (broken.kind() != Code.CUT) {
        refuse(broken);
      }
    }
  }

  /** Returns whether another request may follow. */
  private boolean serveOne() throws IOException {
    HttpLimits limits = server.limits();
    Optional<HttpHead> next = input.head(limits.idleTimeout(), limits.headerTimeout());
    if (next.isEmpty()) {
      return false;
    }
    HttpHead head = next.get();
    String[] line = head.requestLine();
    long length = Math.max(0, head.contentLength());
    if (length > limits.maxBodyBytes()) {
      throw new ChannelException(
          Code.HTTP_BODY_TOO_LARGE,
          "the body has " + length + " bytes, the limit is " + limits.maxBodyBytes());
    }
    if (!server.beginRequest()) {
      throw new ChannelException(Code.HTTP_BUSY, "too many requests at once");
    }
    try {
      return length == 0
          ? answer(head, line, HttpOutput.EMPTY)
          : answerWithBody(head, line, (int) length);
    } finally {
      server.endRequest();
    }
  }

  private boolean answerWithBody(HttpHead head, String[] line, int length) throws IOException {
    Optional<BodyBuffers.Lease> lent = server.buffers().borrow(length);
    if (lent.isEmpty()) {
      throw new ChannelException(Code.HTTP_BUSY, "too many bytes in requests at once");
    }
    try (BodyBuffers.Lease lease = lent.get()) {
      if (head.expectsContinue() && !input.hasMore()) {
        watch.allow(server.limits().writeTimeout());
        transport.write(HttpOutput.continueHead(), HttpOutput.EMPTY);
      }
      ByteBuffer body = lease.buffer(length);
      input.body(body, server.limits().bodyTimeout());
      return answer(head, line, body.flip());
    }
  }

  private boolean answer(HttpHead head, String[] line, ByteBuffer body) throws IOException {
    if (input.hasMore()) {
      throw new ChannelException(Code.HTTP_PIPELINED, "a request before the last response");
    }
    HttpRequest request = new HttpRequest(line[0], line[1], head.headers(), body);
    watch.relax();
    HttpResponse response = handle(request);
    boolean close = head.close() || server.closing();
    ByteBuffer encoded = HttpOutput.head(response, close);
    watch.allow(server.limits().writeTimeout());
    transport.write(
        encoded, request.method().equals("HEAD") ? HttpOutput.EMPTY : response.body().duplicate());
    return !close;
  }

  @SuppressWarnings("CatchingUnchecked") // nothing that a handler throws may end the server
  private HttpResponse handle(HttpRequest request) {
    try {
      return handler.handle(request);
    } catch (CodedException e) {
      return HttpResponse.problem(e);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "the handler of " + request.path() + " failed", e);
      return HttpResponse.problem(
          Problem.of(Code.INTERNAL, "the service failed while it handled the request"));
    }
  }

  /** Answers, and then waits for the peer to take the answer before the connection is closed. */
  void refuse(ChannelException reason) throws IOException {
    watch.allow(server.limits().writeTimeout());
    HttpResponse response = HttpResponse.problem(reason);
    transport.write(HttpOutput.head(response, true), response.body());
    transport.shutdownOutput();
    input.drain(LINGER, LINGER_BYTES);
  }
}
