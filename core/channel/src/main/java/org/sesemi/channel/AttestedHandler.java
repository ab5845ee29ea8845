package org.sesemi.channel;

/** What an attested server does with the requests of a peer. See {@link HttpHandler}. */
@FunctionalInterface
public interface AttestedHandler {

  /**
   * Answers a request.
   *
   * @param peer who asks, as proved when the connection began
   * @param request what it asks for
   * @return the response
   */
  HttpResponse handle(Peer peer, HttpRequest request);
}
