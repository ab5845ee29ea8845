package org.sesemi.runtime;

import java.net.InetSocketAddress;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.conscrypt.Conscrypt;
import org.sesemi.attestation.EnclaveBootstrap;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.runtime.internal.onnx.OnnxEngine;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.wire.RandomSource;

/** The process of a function instance inside an enclave. */
public final class Main {

  private static final Duration GRACE = Duration.ofSeconds(10);

  private Main() {}

  /**
   * Runs until the platform asks it to end.
   *
   * @param arguments none are taken: everything comes from the platform
   */
  public static void main(String[] arguments) {
    EnclaveBootstrap.run(Main::run);
  }

  private static void run(EnclavePlatform platform) throws InterruptedException {
    int threads = RuntimeConfig.parse(platform.config().toArray()).intraOpThreads();
    FutureTask<InferenceEngine> engine = new FutureTask<>(() -> OnnxEngine.start(threads));
    Thread.ofPlatform().daemon().name("engine-start").start(engine);
    FunctionRuntime.Base base =
        new FunctionRuntime.Base(
            InstantSource.system(),
            System::nanoTime,
            RandomSource.secure(),
            fastProvider(),
            List.of(System.err));
    try (FunctionRuntime runtime =
        FunctionRuntime.start(FunctionRuntime.Launch.of(platform), base, engine)) {
      InetSocketAddress address = runtime.address();
      platform.ready(
          Map.of(
              "address",
              address.getAddress().getHostAddress() + ":" + address.getPort(),
              "engine",
              "onnxruntime"));
      platform.awaitShutdown();
      runtime.drain(GRACE);
    }
  }

  /** Registers the fast provider behind all of the JDK's, so that nothing takes it unasked. */
  private static CryptoProvider fastProvider() {
    Provider conscrypt = Conscrypt.newProvider();
    Security.addProvider(conscrypt);
    return CryptoProvider.of(conscrypt);
  }
}
