package org.sesemi.channel;

/**
 * What a server does with requests. It is called on a virtual thread of the connection and may
 * block; several connections call it at once.
 */
@FunctionalInterface
public interface HttpHandler {

  /**
   * Answers a request. A {@link org.sesemi.wire.CodedException} becomes a problem document with the
   * status of its category; anything else becomes status 500 without a word of it.
   *
   * @param request the request, whose body is valid until the response is written
   * @return the response
   */
  HttpResponse handle(HttpRequest request);
}
