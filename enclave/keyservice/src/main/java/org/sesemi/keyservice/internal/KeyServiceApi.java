package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.Consumer;
import org.sesemi.channel.AttestedHandler;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.HttpResponse;
import org.sesemi.channel.Peer;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.Statement;

/**
 * The requests of the key service: which path belongs to which kind of peer, how big a message may
 * be and how often one may come.
 *
 * <p>Guarantees: who the peer is comes from the channel and from nothing in a message. What a peer
 * sends ends in an answer to this peer, whatever it is, and touches no other connection. When a
 * decision could not be kept, the process is told to end.
 */
public final class KeyServiceApi implements AttestedHandler {

  private static final String CBOR = "application/cbor";
  private static final int MAX_STATEMENT_LENGTH = Statement.MAX_ARGUMENTS_LENGTH + 1024;
  private static final int MAX_PROVISION_LENGTH = 1024;

  private final KeyService service;
  private final RateLimiter limiter;
  private final Consumer<RuntimeException> broken;

  /**
   * Makes the requests of a key service available.
   *
   * @param service what decides
   * @param limiter bounds how often
   * @param broken told when the key service cannot go on
   */
  KeyServiceApi(KeyService service, RateLimiter limiter, Consumer<RuntimeException> broken) {
    this.service = requireNonNull(service, "service");
    this.limiter = requireNonNull(limiter, "limiter");
    this.broken = requireNonNull(broken, "broken");
  }

  @Override
  public HttpResponse handle(Peer peer, HttpRequest request) {
    limiter.take(peer.publicKey().value());
    return switch (request.method() + " " + request.target()) {
      case "GET " + ClusterStatus.PATH -> HttpResponse.ok(CBOR, service.status().encode());
      case "POST " + Statement.PATH -> statement(peer, request);
      case "POST " + Provision.PATH -> provision(peer, request);
      default ->
          throw new KeyServiceException(
              Code.REQUEST_UNKNOWN, "there is no such path with this method");
    };
  }

  private HttpResponse statement(Peer peer, HttpRequest request) {
    byte[] message = bounded(request, MAX_STATEMENT_LENGTH);
    try {
      return switch (peer) {
        case Peer.PartyPeer(var key) -> HttpResponse.ok(CBOR, service.state(key, message).encode());
        case Peer.EnclavePeer enclave -> throw service.refuseRole(enclave.claims());
      };
    } catch (RuntimeException e) {
      throw checked(e);
    } finally {
      Arrays.fill(message, (byte) 0);
    }
  }

  private HttpResponse provision(Peer peer, HttpRequest request) {
    byte[] message = bounded(request, MAX_PROVISION_LENGTH);
    try {
      return switch (peer) {
        case Peer.PartyPeer(var key) -> throw service.refuseRole(key.id());
        case Peer.EnclavePeer enclave -> {
          try (Provisioned released =
              service.provision(enclave.claims(), enclave.claimsBytes(), message)) {
            yield HttpResponse.ok(CBOR, released.encode());
          }
        }
      };
    } catch (RuntimeException e) {
      throw checked(e);
    }
  }

  /**
   * A refusal goes to the peer and is all right; anything else means that the service is broken.
   */
  private RuntimeException checked(RuntimeException e) {
    if (!(e instanceof RefusedException)) {
      broken.accept(e);
    }
    return e instanceof CodedException
        ? e
        : new KeyServiceException(Code.INTERNAL, "the key service failed", e);
  }

  private static byte[] bounded(HttpRequest request, int limit) {
    int length = request.body().remaining();
    if (length > limit) {
      throw new KeyServiceException(
          Code.REQUEST_TOO_LARGE, "the message has " + length + " bytes, the limit is " + limit);
    }
    return request.bodyBytes();
  }
}
