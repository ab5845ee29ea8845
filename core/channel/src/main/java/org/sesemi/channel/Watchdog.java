package org.sesemi.channel;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections whose time is over. That wakes every thread that waits on one, whether it
 * reads, writes or shakes hands, and however slowly the peer keeps sending.
 *
 * <p>A deadline costs one volatile write, so there is one for each part of each message. Deadlines
 * are noticed within a fraction of a second.
 */
final class Watchdog implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
  private static final long TICK_MILLIS = 50;

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);

  Watchdog(String name) {
    Thread.ofVirtual().name(name + "-watchdog").start(this::run);
  }

  /** The deadline of one connection. It is set by the thread that uses the connection. */
  final class Watch implements AutoCloseable {
    private final Closeable connection;
    private volatile boolean armed;
    private volatile long deadline;
    private volatile boolean expired;

    private Watch(Closeable connection) {
      this.connection = connection;
    }

    /** Lets the connection live for at most this long from now on. */
    void allow(Duration time) {
      deadline = System.nanoTime() + time.toNanos();
      armed = true;
    }

    /** Lets the connection live. */
    void relax() {
      armed = false;
    }

    /** Whether the connection was closed because its time was over. */
    boolean expired() {
      return expired;
    }

    @Override
    public void close() {
      watches.remove(this);
    }

    private void check(long now) {
      if (armed && now - deadline > 0) {
        expired = true;
        watches.remove(this);
        try {
          connection.close();
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "closing a connection whose time is over", e);
        }
      }
    }
  }

  /** Watches a connection; nothing happens before the first deadline is set. */
  Watch watch(Closeable connection) {
    Watch watch = new Watch(connection);
    watches.add(watch);
    return watch;
  }

  @Override
  public void close() {
    ended.countDown();
  }

  private void run() {
    try {
      while (!ended.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        for (Watch watch : watches) {
          watch.check(now);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
