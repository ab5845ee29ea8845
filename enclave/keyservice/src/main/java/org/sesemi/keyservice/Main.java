package org.sesemi.keyservice;

import java.security.Provider;
import java.security.Security;
import java.time.InstantSource;
import org.conscrypt.Conscrypt;
import org.sesemi.attestation.EnclaveBootstrap;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.wire.RandomSource;

/** The program of the key-service enclave. A platform launches it; it takes no arguments. */
public final class Main {

  private Main() {}

  /**
   * Serves until the platform asks it to end.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    EnclaveBootstrap.run(Main::serve);
  }

  private static void serve(EnclavePlatform platform) throws InterruptedException {
    try (KeyServer server =
        KeyServer.start(platform, fastCrypto(), InstantSource.system(), RandomSource.secure())) {
      platform.onShutdown(server::stop);
      platform.ready(server.announcement());
      server.awaitStop();
    }
  }

  /** Registers the fast provider last, so that nothing gets it that was not handed it. */
  private static CryptoProvider fastCrypto() {
    Provider conscrypt = Conscrypt.newProvider();
    Security.addProvider(conscrypt);
    return CryptoProvider.of(conscrypt);
  }
}
