package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RemoteException;

/**
 * An HTTP response with its whole body.
 *
 * @param status the status, 200 to 599
 * @param headers the header fields, those about length and connection left to the connection
 * @param body the body between position and limit; empty when there is none
 */
public record HttpResponse(int status, HttpHeaders headers, ByteBuffer body) {

  /** Checks the status. */
  public HttpResponse {
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
    if (status < 200 || status > 599) {
      throw new ChannelException(
          ChannelException.Code.HTTP_MALFORMED, "a response has a status from 200 to 599");
    }
  }

  /**
   * {@return a response with status 200}
   *
   * @param contentType the kind of body
   * @param body the body; not copied
   */
  public static HttpResponse ok(String contentType, byte[] body) {
    return ok(contentType, ByteBuffer.wrap(body));
  }

  /**
   * {@return a response with status 200}
   *
   * @param contentType the kind of body
   * @param body the body; not copied
   */
  public static HttpResponse ok(String contentType, ByteBuffer body) {
    return new HttpResponse(200, HttpHeaders.NONE.with("Content-Type", contentType), body);
  }

  /**
   * {@return a response with status 200 and a short text}
   *
   * @param text the text
   */
  public static HttpResponse text(String text) {
    return ok("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * {@return a response with a problem document}
   *
   * @param problem the problem
   */
  public static HttpResponse problem(Problem problem) {
    HttpHeaders headers = HttpHeaders.NONE.with("Content-Type", Problem.MEDIA_TYPE);
    return new HttpResponse(
        problem.status(),
        problem.retryable() && problem.status() == 503 ? headers.with("Retry-After", "1") : headers,
        ByteBuffer.wrap(problem.encode()));
  }

  /**
   * {@return a response with the problem document of a failure}
   *
   * @param failure the failure
   */
  public static HttpResponse problem(CodedException failure) {
    return problem(Problem.of(failure));
  }

  /**
   * {@return this response and one more header field}
   *
   * @param name its name
   * @param value its value
   */
  public HttpResponse with(String name, String value) {
    return new HttpResponse(status, headers.with(name, value), body);
  }

  /** {@return a copy of the body} */
  public byte[] bodyBytes() {
    byte[] copy = new byte[body.remaining()];
    body.get(body.position(), copy);
    return copy;
  }

  /**
   * {@return this response, when its status is below 400}
   *
   * @throws RemoteException with the problem that the server reported, otherwise
   */
  public HttpResponse orThrow() {
    if (status >= 400) {
      throw RemoteException.ofAnswer(status, bodyBytes());
    }
    return this;
  }

  @Override
  public String toString() {
    return "HttpResponse[" + status + ", " + body.remaining() + " bytes]";
  }
}
