package org.sesemi.packer;

import java.time.InstantSource;
import org.sesemi.packer.internal.PackerServer;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.ProcessPlatform;

/**
 * The packer: takes sealed requests over HTTP and decides which function of its pool serves which
 * one, so that models stay where they are loaded and nobody waits for ever.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>It holds no key and reads nothing but the clear header of a request.
 *   <li>Every request is answered once: by a function, or by a problem document with a code, by its
 *       deadline.
 *   <li>No function is given more requests at a time than its concurrency.
 * </ul>
 *
 * <p>It can delay, drop or repeat requests, as any carrier can; whoever opens them notices.
 */
public final class Packer implements AutoCloseable {

  private final PackerServer server;
  private final String host;

  private Packer(PackerServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * Starts a packer on the process platform.
   *
   * @param config what to do
   * @param clock the clock of deadlines
   * @return the packer, which listens
   * @throws PackerException when it cannot start
   */
  public static Packer start(PackerConfig config, InstantSource clock) {
    return start(config, new ProcessPlatform(config.daemonSocket(), clock).open(), clock);
  }

  /**
   * Starts a packer on any platform.
   *
   * @param config what to do
   * @param platform where functions run; closed with the packer
   * @param clock the clock of deadlines, the same as the platform's
   * @return the packer, which listens
   * @throws PackerException when it cannot start
   */
  public static Packer start(PackerConfig config, FunctionPlatform platform, InstantSource clock) {
    try {
      return new Packer(new PackerServer(config, platform, clock), config.host());
    } catch (RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  /** {@return the port that it listens on} */
  public int port() {
    return server.port();
  }

  /** {@return literal address and port that it listens on} */
  public String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /** Refuses new requests, waits for those in flight, and ends. */
  @Override
  public void close() {
    server.close();
  }
}
