package org.sesemi.platform.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformClient;
import org.sesemi.wire.PlatformMessage;

/**
 * The link to the platform daemon. It connects when needed and again after the daemon was
 * restarted, hands events to whoever launched, and ends launches that an earlier platform process
 * left behind.
 *
 * <p>Launches are told apart by their label, which is chosen before the launch: an event can come
 * before the reply that names the launch.
 */
final class DaemonLink implements AutoCloseable {

  /** What a launch hears of itself. Called by the thread that reads the link; must not block. */
  interface Listener {
    /** The enclave can serve. */
    void ready(Map<String, String> values);

    /** The process is gone. */
    void exited(int exitCode);

    /** The daemon is gone, and with it every enclave that it launched. */
    void daemonLost();
  }

  private static final Logger LOG = System.getLogger(DaemonLink.class.getName());

  private final Path socket;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final Set<String> prefixes = ConcurrentHashMap.newKeySet();

  /** Guards {@link #client}; held while connecting, so that only one connection is made. */
  private final ReentrantLock connecting = new ReentrantLock();

  private @Nullable PlatformClient client;
  private boolean closed;

  DaemonLink(Path socket) {
    this.socket = socket;
  }

  /** Takes labels that begin with a prefix as its own: others that have it are left-overs. */
  void own(String prefix) {
    prefixes.add(prefix);
  }

  void disown(String prefix) {
    prefixes.remove(prefix);
  }

  PlatformMessage.Launched launch(PlatformMessage.Launch launch, Listener listener) {
    PlatformClient connection = connection();
    listeners.put(launch.label(), listener);
    try {
      return connection.launch(launch);
    } catch (RuntimeException e) {
      listeners.remove(launch.label());
      throw e;
    }
  }

  void stop(LaunchId launch) {
    connection().stop(launch);
  }

  /** Returns the connection, made now when there is none. */
  PlatformClient connection() {
    connecting.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the platform is closed");
      }
      PlatformClient existing = client;
      if (existing != null) {
        return existing;
      }
      PlatformClient fresh = PlatformClient.connect(socket);
      try {
        fresh.subscribe(this::event);
        sweep(fresh);
      } catch (RuntimeException e) {
        fresh.close();
        throw e;
      }
      client = fresh;
      fresh.onEnd(() -> lost(fresh));
      return fresh;
    } finally {
      connecting.unlock();
    }
  }

  private void event(PlatformMessage.Event event) {
    switch (event) {
      case PlatformMessage.Ready ready -> {
        Listener listener = listeners.get(ready.label());
        if (listener != null) {
          listener.ready(ready.values());
        }
      }
      case PlatformMessage.Exited exited -> {
        Listener listener = listeners.remove(exited.label());
        if (listener != null) {
          listener.exited(exited.exitCode());
        }
      }
    }
  }

  private void lost(PlatformClient connection) {
    // Never on the thread of the caller: it may be the one that connects or that reads the link.
    Thread.ofVirtual()
        .name("platform-link-lost")
        .start(
            () -> {
              Set<String> lost;
              connecting.lock();
              try {
                if (connection != client) {
                  return;
                }
                client = null;
                // Whoever registers after this launches on the next connection.
                lost = Set.copyOf(listeners.keySet());
              } finally {
                connecting.unlock();
              }
              for (String label : lost) {
                Listener listener = listeners.remove(label);
                if (listener != null) {
                  listener.daemonLost();
                }
              }
            });
  }

  private void sweep(PlatformClient connection) {
    for (PlatformMessage.LaunchView launch : connection.status().launches()) {
      boolean ours = prefixes.stream().anyMatch(launch.label()::startsWith);
      if (ours && !listeners.containsKey(launch.label())) {
        LOG.log(Level.INFO, "stopping {0}, which an earlier run left behind", launch.label());
        Thread.ofVirtual()
            .name("stop-" + launch.label())
            .start(
                () -> {
                  try {
                    connection.stop(launch.launchId());
                  } catch (CodedException e) {
                    LOG.log(Level.DEBUG, "could not stop a left-over", e);
                  }
                });
      }
    }
  }

  @Override
  public void close() {
    PlatformClient last;
    connecting.lock();
    try {
      closed = true;
      last = client;
      client = null;
    } finally {
      connecting.unlock();
    }
    if (last != null) {
      last.close();
    }
  }
}
