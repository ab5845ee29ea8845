package org.sesemi.simulated;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Accepts control connections and serves each for itself: what one sends cannot end another one.
 * Closing it ends them all.
 */
final class ControlServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("org.sesemi.simulated");
  private static final int MAX_CONNECTIONS = 128;

  private final ServerSocketChannel listening;
  private final SimulatedPlatform platform;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  ControlServer(ServerSocketChannel listening, SimulatedPlatform platform) {
    this.listening = listening;
    this.platform = platform;
  }

  void start() {
    Thread.ofPlatform().daemon().name("control-accept").start(this::accept);
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel connection = listening.accept();
        if (connections.size() >= MAX_CONNECTIONS) {
          connection.close();
          continue;
        }
        connections.add(connection);
        Thread.ofVirtual().name("control").start(() -> serve(connection));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "a control connection was not accepted", e);
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      new ControlConnection(connection, platform).serve();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a control connection broke", e);
    } finally {
      connections.remove(connection);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}
