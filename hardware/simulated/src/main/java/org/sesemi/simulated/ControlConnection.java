package org.sesemi.simulated;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Frames;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.PlatformFailure;
import org.sesemi.wire.PlatformFrame;
import org.sesemi.wire.PlatformMessage;

/**
 * One control connection: requests in, replies and events out.
 *
 * <p>Requests are worked on at the same time, up to a limit, so that a launch that takes long does
 * not hold up a status. A frame that cannot be read is refused and ends the connection. Whoever
 * asked for events and does not read them is cut off.
 */
final class ControlConnection {

  private static final System.Logger LOG = System.getLogger("org.sesemi.simulated");
  private static final int MAX_AT_ONCE = 16;
  private static final int MAX_UNREAD = 1024;

  private final SocketChannel channel;
  private final OutputStream out;
  private final ReentrantLock writing = new ReentrantLock();
  private final SimulatedPlatform platform;
  private final Semaphore atOnce = new Semaphore(MAX_AT_ONCE);
  private final BlockingQueue<PlatformFrame> outgoing = new ArrayBlockingQueue<>(MAX_UNREAD);
  private Runnable unsubscribe = () -> {};

  ControlConnection(SocketChannel channel, SimulatedPlatform platform) {
    this.channel = channel;
    this.out = Channels.newOutputStream(channel);
    this.platform = platform;
  }

  void serve() throws IOException {
    Thread writer = Thread.ofVirtual().name("control-writer").start(this::write);
    try {
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      Optional<byte[]> bytes = Frames.read(in, PlatformMessage.MAX_LENGTH);
      while (bytes.isPresent()) {
        take(PlatformFrame.decode(bytes.get()));
        bytes = Frames.read(in, PlatformMessage.MAX_LENGTH);
      }
    } catch (CodedException e) {
      refuse(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      unsubscribe.run();
      writer.interrupt();
    }
  }

  private void take(PlatformFrame frame) throws InterruptedException {
    if (!(frame.message() instanceof PlatformMessage.Request request)) {
      throw new PlatformException(
          PlatformException.Code.PROTOCOL, "a client of a platform only asks");
    }
    atOnce.acquire();
    Thread.ofVirtual()
        .name("control-request")
        .start(
            () -> {
              try {
                send(new PlatformFrame(frame.exchange(), answer(request)));
              } finally {
                atOnce.release();
              }
            });
  }

  private PlatformMessage.Reply answer(PlatformMessage.Request request) {
    try {
      return switch (request) {
        case PlatformMessage.Launch launch -> platform.launch(launch);
        case PlatformMessage.Stop(LaunchId launchId) -> platform.stop(launchId);
        case PlatformMessage.Status() -> platform.status();
        case PlatformMessage.Measure(String folder) -> platform.measure(Path.of(folder));
        case PlatformMessage.Subscribe() -> subscribe();
      };
    } catch (CodedException e) {
      return new PlatformMessage.Failed(PlatformFailure.of(e));
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed", e);
      return new PlatformMessage.Failed(
          PlatformFailure.of(
              new PlatformException(
                  PlatformException.Code.INTERNAL, "the platform failed: " + e.getMessage(), e)));
    }
  }

  private synchronized PlatformMessage.Reply subscribe() {
    unsubscribe.run();
    unsubscribe = platform.subscribe(event -> send(new PlatformFrame(0, event)));
    return new PlatformMessage.Subscribed();
  }

  private void send(PlatformFrame frame) {
    if (!outgoing.offer(frame)) {
      disconnect();
    }
  }

  private void write() {
    try {
      while (true) {
        writeNow(outgoing.take());
      }
    } catch (IOException _) {
      disconnect();
    } catch (InterruptedException _) {
      // The connection is over.
    }
  }

  /** Says why, and ends the connection with it. */
  private void refuse(CodedException why) throws IOException {
    writeNow(new PlatformFrame(0, new PlatformMessage.Failed(PlatformFailure.of(why))));
  }

  private void writeNow(PlatformFrame frame) throws IOException {
    writing.lock();
    try {
      Frames.write(out, frame.encode());
    } finally {
      writing.unlock();
    }
  }

  private void disconnect() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a control connection did not close", e);
    }
  }
}
