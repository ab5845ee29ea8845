package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.wire.CodedException;

/**
 * Connects to attested servers, and gives out a connection only after the server has proved what
 * code it runs and has accepted the client's own proof.
 *
 * <p>Guarantees: no request leaves before the server's evidence is accepted for this very
 * connection; the client's identity is shown to nobody but the holder of the server's TLS key. The
 * address of a server is trusted with nothing. Thread-safe.
 */
public final class AttestedClient {

  private final ClientIdentity identity;
  private final ServerPolicy policy;
  private final ChannelOptions options;
  private final PlainTls tls;

  /**
   * Makes a client.
   *
   * @param identity how it proves what it is
   * @param policy which servers it speaks to
   * @param options clock, random source and limits
   */
  public AttestedClient(ClientIdentity identity, ServerPolicy policy, ChannelOptions options) {
    this.identity = identity;
    this.policy = requireNonNull(policy, "policy");
    this.options = requireNonNull(options, "options");
    this.tls = new PlainTls(identity.key());
  }

  /**
   * Connects. The whole of it, from the first packet to the server's acceptance, is bounded by the
   * limit of the first exchange.
   *
   * @param address where the server is said to be
   * @return an attested connection
   * @throws ChannelException when there is no connection, or the server breaks a rule
   * @throws org.sesemi.attestation.AttestationException when its evidence is not accepted
   * @throws org.sesemi.wire.RemoteException when the server, verified, refuses this client
   */
  public AttestedConnection connect(InetSocketAddress address) {
    Socket socket = open(address);
    Watchdog watchdog = new Watchdog("client");
    Watchdog.Watch watch = watchdog.watch(socket);
    watch.allow(options.limits().firstExchangeTimeout());
    try {
      socket.setTcpNoDelay(true);
      SSLSocket secured = tls.wrap(socket, true);
      secured.startHandshake();
      FirstExchange.Server server = FirstExchange.asClient(secured, identity, policy, options);
      watch.relax();
      return new AttestedConnection(secured, watchdog, watch, server, address, options.limits());
    } catch (IOException e) {
      end(socket, watchdog);
      throw Failures.of(e, watch);
    } catch (CodedException e) {
      end(socket, watchdog);
      throw e.errorCode() == Code.CUT && watch.expired()
          ? new ChannelException(Code.TIMEOUT, "the peer took too long", e)
          : e;
    } catch (RuntimeException | Error e) {
      end(socket, watchdog);
      throw e;
    }
  }

  private Socket open(InetSocketAddress address) {
    Socket socket = new Socket();
    try {
      socket.connect(address, Math.toIntExact(options.limits().firstExchangeTimeout().toMillis()));
      return socket;
    } catch (IOException e) {
      close(socket, e);
      throw new ChannelException(
          Code.UNREACHABLE, "cannot connect to " + address + ": " + e.getMessage(), e);
    }
  }

  private static void end(Socket socket, Watchdog watchdog) {
    watchdog.close();
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no more use either way.
    }
  }

  private static void close(Socket socket, IOException because) {
    try {
      socket.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }
}
