package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * An HTTP request with its whole body.
 *
 * <p>The body that a listener hands to a handler is memory of the listener: it is valid until the
 * handler's response is written, and may be changed in place by the handler.
 *
 * @param method the method, for example {@code POST}
 * @param target path and query, beginning with a slash
 * @param headers the header fields, those about length and connection left to the connection
 * @param body the body between position and limit; empty when there is none
 */
public record HttpRequest(String method, String target, HttpHeaders headers, ByteBuffer body) {

  private static final int MAX_TARGET = 4096;
  private static final int MAX_METHOD = 16;

  /** Checks method and target. */
  public HttpRequest {
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
    if (method.length() > MAX_METHOD || !HttpHeaders.isToken(method)) {
      throw new ChannelException(
          ChannelException.Code.HTTP_MALFORMED, "the method of a request is not a short token");
    }
    if (!isTarget(target)) {
      throw new ChannelException(
          ChannelException.Code.HTTP_MALFORMED, "the target of a request is not a path");
    }
  }

  /**
   * {@return a request without body}
   *
   * @param target path and query
   */
  public static HttpRequest get(String target) {
    return new HttpRequest("GET", target, HttpHeaders.NONE, ByteBuffer.allocate(0));
  }

  /**
   * {@return a request with a body}
   *
   * @param target path and query
   * @param contentType the kind of body
   * @param body the body; not copied
   */
  public static HttpRequest post(String target, String contentType, byte[] body) {
    return new HttpRequest(
        "POST", target, HttpHeaders.NONE.with("Content-Type", contentType), ByteBuffer.wrap(body));
  }

  /** {@return the target without the query} */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** {@return a copy of the body} */
  public byte[] bodyBytes() {
    byte[] copy = new byte[body.remaining()];
    body.get(body.position(), copy);
    return copy;
  }

  @Override
  public String toString() {
    return "HttpRequest[" + method + " " + path() + ", " + body.remaining() + " bytes]";
  }

  private static boolean isTarget(String target) {
    if (target.length() > MAX_TARGET || !target.startsWith("/")) {
      return false;
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= 0x20 || c > 0x7e || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
