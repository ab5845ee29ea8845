package org.sesemi.channel;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.channel.ChannelException.Code;

/**
 * What plain and attested servers share: accepts connections, counts them, serves each on a virtual
 * thread, and ends them in order.
 */
final class HttpServer {

  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
  private static final int BACKLOG = 512;
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  /** Turns an accepted connection into a transport and a handler, or throws. */
  interface Opener {
    void open(HttpServer server, SocketChannel channel, Watchdog.Watch watch) throws IOException;
  }

  private final String name;
  private final ServerSocketChannel listener;
  private final InetSocketAddress address;
  private final HttpLimits limits;
  private final Opener opener;
  private final boolean answersWhenFull;
  private final BodyBuffers buffers;
  private final Watchdog watchdog;
  private final Semaphore requests;

  /** Guards the two fields behind it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition idle = lock.newCondition();
  private final Set<SocketChannel> connections = new HashSet<>();
  private int requestsInFlight;
  private volatile boolean closing;

  private HttpServer(
      String name,
      ServerSocketChannel listener,
      InetSocketAddress address,
      HttpLimits limits,
      Opener opener,
      boolean answersWhenFull) {
    this.name = name;
    this.listener = listener;
    this.address = address;
    this.limits = limits;
    this.opener = opener;
    this.answersWhenFull = answersWhenFull;
    this.buffers = new BodyBuffers(limits.maxBufferedBytes());
    this.watchdog = new Watchdog(name);
    this.requests = new Semaphore(limits.maxRequests());
  }

  static HttpServer start(
      String name,
      InetSocketAddress bind,
      HttpLimits limits,
      Opener opener,
      boolean answersWhenFull) {
    try {
      ServerSocketChannel listener = ServerSocketChannel.open();
      try {
        listener.bind(bind, BACKLOG);
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
        HttpServer server =
            new HttpServer(name, listener, address, limits, opener, answersWhenFull);
        Thread.ofVirtual().name(name + "-accept").start(server::acceptAll);
        return server;
      } catch (IOException e) {
        listener.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ChannelException(
          Code.UNREACHABLE, "cannot listen on " + bind + ": " + e.getMessage(), e);
    }
  }

  InetSocketAddress address() {
    return address;
  }

  HttpLimits limits() {
    return limits;
  }

  BodyBuffers buffers() {
    return buffers;
  }

  boolean closing() {
    return closing;
  }

  int openConnections() {
    lock.lock();
    try {
      return connections.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a place for one request, if there is one. */
  boolean beginRequest() {
    if (closing || !requests.tryAcquire()) {
      return false;
    }
    lock.lock();
    try {
      requestsInFlight++;
    } finally {
      lock.unlock();
    }
    return true;
  }

  void endRequest() {
    requests.release();
    lock.lock();
    try {
      requestsInFlight--;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops accepting, lets requests in flight end within the time given, then cuts the rest. */
  void close(Duration grace) {
    closing = true;
    closeQuietly(listener);
    long left = grace.toNanos();
    lock.lock();
    try {
      while (requestsInFlight > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    for (SocketChannel connection : openOnes()) {
      closeQuietly(connection);
    }
    watchdog.close();
    buffers.clear();
  }

  private Set<SocketChannel> openOnes() {
    lock.lock();
    try {
      return Set.copyOf(connections);
    } finally {
      lock.unlock();
    }
  }

  private void acceptAll() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        boolean room = add(channel);
        Thread.ofVirtual().name(name + "-connection").start(() -> serve(channel, room));
      } catch (IOException e) {
        if (listener.isOpen()) {
          LOG.log(Level.WARNING, name + " cannot accept a connection", e);
          // Such as too many open files: let some connections end first.
          LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
        }
      }
    }
  }

  /** Whether there is room; twice the limit is refused without a word. */
  private boolean add(SocketChannel channel) throws IOException {
    lock.lock();
    try {
      if (closing || connections.size() >= 2 * limits.maxConnections()) {
        channel.close();
        return false;
      }
      connections.add(channel);
      return connections.size() <= limits.maxConnections();
    } finally {
      lock.unlock();
    }
  }

  private void serve(SocketChannel channel, boolean room) {
    try (channel;
        Watchdog.Watch watch = watchdog.watch(channel)) {
      if (room) {
        opener.open(this, channel, watch);
      } else if (answersWhenFull && channel.isOpen()) {
        new HttpServerConnection(
                this, new PlainTransport(channel), watch, _ -> HttpResponse.text(""))
            .refuse(new ChannelException(Code.HTTP_BUSY, "too many connections at once"));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, name + " lost a connection", e);
    } finally {
      lock.lock();
      try {
        connections.remove(channel);
        idle.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private static void closeQuietly(Closeable what) {
    try {
      what.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing", e);
    }
  }
}
