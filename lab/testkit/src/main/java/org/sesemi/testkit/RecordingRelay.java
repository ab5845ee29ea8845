package org.sesemi.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A network in the middle: forwards connections to a target and keeps every byte of both
 * directions.
 *
 * <p>It may change what it carries through an operator over each chunk read. Thread-safe. {@link
 * #close()} ends the listener and all connections; the recordings stay readable.
 */
public final class RecordingRelay implements AutoCloseable {

  private static final int CHUNK = 1 << 16;

  private final String name;
  private final ServerSocketChannel listener;
  private final SocketAddress target;
  private final UnaryOperator<byte[]> toTarget;
  private final UnaryOperator<byte[]> toClient;
  private final List<Recording> recordings = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

  private RecordingRelay(
      String name,
      ServerSocketChannel listener,
      SocketAddress target,
      UnaryOperator<byte[]> toTarget,
      UnaryOperator<byte[]> toClient) {
    this.name = name;
    this.listener = listener;
    this.target = target;
    this.toTarget = toTarget;
    this.toClient = toClient;
    Thread.ofVirtual().name("relay-" + name).start(this::acceptAll);
  }

  /** One direction of one connection. */
  private static final class Recording {
    private final String surface;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Recording(String surface) {
      this.surface = surface;
    }

    synchronized void add(byte[] chunk) {
      bytes.writeBytes(chunk);
    }

    synchronized byte[] content() {
      return bytes.toByteArray();
    }
  }

  /**
   * What one direction of one connection carried.
   *
   * @param surface relay name, connection number and direction
   * @param content every byte, in order
   */
  @SuppressWarnings("ArrayRecordComponent") // handed straight to a scanner
  public record Conversation(String surface, byte[] content) {}

  /**
   * Starts a relay on a free loopback port.
   *
   * @param name for recordings
   * @param target where connections go
   * @return the running relay
   * @throws IOException when it cannot listen
   */
  public static RecordingRelay tcp(String name, InetSocketAddress target) throws IOException {
    return tcp(name, target, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /**
   * Starts a relay that may change what passes.
   *
   * @param name for recordings
   * @param target where connections go
   * @param toTarget applied to each chunk on its way to the target; an empty chunk is dropped
   * @param toClient applied to each chunk on its way back
   * @return the running relay
   * @throws IOException when it cannot listen
   */
  public static RecordingRelay tcp(
      String name,
      InetSocketAddress target,
      UnaryOperator<byte[]> toTarget,
      UnaryOperator<byte[]> toClient)
      throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new RecordingRelay(name, listener, target, toTarget, toClient);
  }

  /**
   * Starts a relay on a Unix socket.
   *
   * @param name for recordings
   * @param listen the path to create; short, because of the limit of such paths
   * @param target the path to forward to
   * @return the running relay
   * @throws IOException when it cannot listen
   */
  public static RecordingRelay unix(String name, Path listen, Path target) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(listen));
    return new RecordingRelay(
        name,
        listener,
        UnixDomainSocketAddress.of(target),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  /**
   * Returns where this relay listens.
   *
   * @return a loopback address
   * @throws IOException when the relay is closed or does not listen on TCP
   */
  public InetSocketAddress address() throws IOException {
    if (listener.getLocalAddress() instanceof InetSocketAddress address) {
      return address;
    }
    throw new IOException(name + " does not listen on TCP");
  }

  /**
   * Returns everything carried so far.
   *
   * @return one entry per connection and direction
   */
  public List<Conversation> conversations() {
    List<Conversation> all = new ArrayList<>();
    for (Recording recording : recordings) {
      all.add(new Conversation(recording.surface, recording.content()));
    }
    return List.copyOf(all);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  private void acceptAll() {
    for (int connection = 1; listener.isOpen(); connection++) {
      try {
        SocketChannel client = listener.accept();
        open.add(client);
        connect(client, name + "#" + connection);
      } catch (IOException ended) {
        // Either the relay was closed, which ends the loop, or one client vanished.
      }
    }
  }

  private void connect(SocketChannel client, String label) throws IOException {
    SocketChannel server;
    try {
      server = SocketChannel.open(target);
    } catch (IOException unreachable) {
      client.close();
      return;
    }
    open.add(server);
    pump(client, server, new Recording(label + " ->"), toTarget);
    pump(server, client, new Recording(label + " <-"), toClient);
  }

  private void pump(
      SocketChannel from, SocketChannel to, Recording recording, UnaryOperator<byte[]> change) {
    recordings.add(recording);
    Thread.ofVirtual()
        .name("relay-" + recording.surface)
        .start(
            () -> {
              ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
              try (from;
                  to) {
                while (from.read(buffer) >= 0) {
                  byte[] chunk = new byte[buffer.flip().remaining()];
                  buffer.get(chunk).clear();
                  recording.add(chunk);
                  ByteBuffer out = ByteBuffer.wrap(change.apply(chunk));
                  while (out.hasRemaining()) {
                    to.write(out);
                  }
                }
              } catch (IOException closed) {
                // One side is gone; closing both is all there is to do.
              }
            });
  }
}
