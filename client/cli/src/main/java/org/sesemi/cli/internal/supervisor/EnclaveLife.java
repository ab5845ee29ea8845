package org.sesemi.cli.internal.supervisor;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.PlatformMessage;

/**
 * One life of an enclave that the simulated platform launched.
 *
 * @param link the connection to the platform
 * @param launched what the platform said of it
 * @param process its process
 * @param facts what to say of it
 */
record EnclaveLife(
    PlatformLink link,
    PlatformMessage.Launched launched,
    ProcessId process,
    Map<String, String> facts)
    implements Running {

  EnclaveLife {
    facts = Map.copyOf(facts);
  }

  @Override
  public Optional<Integer> awaitEnd() throws InterruptedException {
    return link.awaitExit(launched.launchId());
  }

  @Override
  public void stop(Duration grace) throws InterruptedException {
    try {
      link.stop(launched.launchId());
    } catch (CodedException e) {
      // The platform is gone, and its enclaves with it.
      System.getLogger(EnclaveLife.class.getName())
          .log(System.Logger.Level.DEBUG, "not stopped over the platform", e);
    }
    if (!process.awaitEnd(grace)) {
      var _ = process.end(Duration.ofSeconds(1));
    }
  }
}
