package org.sesemi.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Encodes the headers of HTTP messages. */
final class HttpOutput {

  static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(201, "Created"),
          Map.entry(202, "Accepted"),
          Map.entry(204, "No Content"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"));

  private HttpOutput() {}

  static ByteBuffer continueHead() {
    return ascii("HTTP/1.1 100 Continue\r\n\r\n");
  }

  static ByteBuffer head(HttpResponse response, boolean close) {
    StringBuilder text = new StringBuilder(256);
    text.append("HTTP/1.1 ")
        .append(response.status())
        .append(' ')
        .append(REASONS.getOrDefault(response.status(), "Status"))
        .append("\r\n");
    return rest(text, response.headers(), response.body().remaining(), close);
  }

  static ByteBuffer head(HttpRequest request, String host) {
    StringBuilder text = new StringBuilder(256);
    text.append(request.method())
        .append(' ')
        .append(request.target())
        .append(" HTTP/1.1\r\nHost: ")
        .append(host)
        .append("\r\n");
    return rest(text, request.headers(), request.body().remaining(), false);
  }

  private static ByteBuffer rest(
      StringBuilder text, HttpHeaders headers, int length, boolean close) {
    text.append("Content-Length: ").append(length).append("\r\n");
    if (close) {
      text.append("Connection: close\r\n");
    }
    for (HttpHeaders.Field field : headers.fields()) {
      if (HttpHead.isOfTheConnection(field.name())) {
        throw new IllegalArgumentException(
            "the header " + field.name() + " is written by the connection");
      }
      text.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return ascii(text.append("\r\n"));
  }

  private static ByteBuffer ascii(CharSequence text) {
    return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
  }
}
