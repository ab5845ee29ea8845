package org.sesemi.attestation.internal.collateral;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sesemi.wire.Bytes;

/** A web server on this machine with prepared answers by path and query. */
final class LoopbackServer implements AutoCloseable {

  /** Answers one request. */
  @FunctionalInterface
  interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final Map<String, Handler> answers = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();

  LoopbackServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(task -> Thread.ofPlatform().daemon().name("loopback").start(task));
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void on(String pathAndQuery, Handler handler) {
    answers.put(pathAndQuery, handler);
  }

  void give(String pathAndQuery, Bytes body, Map<String, String> headers) {
    on(
        pathAndQuery,
        exchange -> {
          headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
          exchange.sendResponseHeaders(200, body.length());
          exchange.getResponseBody().write(body.toArray());
        });
  }

  /** {@return a chain as Intel's service puts it into headers} */
  static String header(Bytes pem) {
    return URLEncoder.encode(new String(pem.toArray(), US_ASCII), US_ASCII).replace("+", "%20");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String what = exchange.getRequestURI().toString();
      asked.add(what);
      Handler handler = answers.get(what);
      if (handler == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        handler.handle(exchange);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
