package org.sesemi.testenclave;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.sesemi.attestation.EnclaveBootstrap;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.wire.CodedException;

/**
 * An enclave for tests: does what its parameters ask for and says the results when it gets ready.
 */
public final class Main {

  private static final int PR_GET_DUMPABLE = 3;

  private Main() {}

  /**
   * Runs the enclave.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    EnclaveBootstrap.run(Main::serve);
  }

  private static void serve(EnclavePlatform platform) throws Exception {
    Map<String, String> results = new TreeMap<>();
    new TreeMap<>(platform.parameters())
        .forEach((name, value) -> results.put(name, outcome(platform, name, value)));
    platform.ready(results);
    if (platform.parameters().containsKey("deaf")) {
      new CountDownLatch(1).await();
    }
    platform.awaitShutdown();
  }

  private static String outcome(EnclavePlatform platform, String name, String value) {
    HexFormat hex = HexFormat.of();
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    try {
      return switch (name) {
        case "attest" -> hex.formatHex(platform.attest(hex.parseHex(value)).encode());
        case "seal" -> hex.formatHex(platform.seal(text, new byte[] {1}));
        case "unseal" ->
            new String(
                platform.unseal(hex.parseHex(value), new byte[] {1}), StandardCharsets.UTF_8);
        case "counter" -> Long.toString(platform.readCounter(value));
        case "count-up" ->
            Long.toString(platform.advanceCounter("count-up", Long.parseLong(value)));
        case "config" -> new String(platform.config().toArray(), StandardCharsets.UTF_8);
        case "environment" -> String.join(",", new TreeMap<>(System.getenv()).keySet());
        case "dumpable" -> Integer.toString(dumpable());
        case "print" -> print(value);
        case "input" -> Integer.toString(System.in.read());
        case "fail" -> throw new IllegalStateException(value);
        default -> value;
      };
    } catch (CodedException e) {
      return e.code();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints from Java and from a child that inherits the descriptors. */
  private static String print(String value) throws IOException {
    System.out.println("java prints " + value);
    Process echo =
        new ProcessBuilder("/bin/echo", "child prints " + value)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream none = echo.getErrorStream()) {
      none.transferTo(System.err);
      return Integer.toString(echo.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @SuppressWarnings("restricted") // asks the system about this process
  private static int dumpable() {
    Linker linker = Linker.nativeLinker();
    try {
      return (int)
          linker
              .downcallHandle(
                  linker.defaultLookup().find("prctl").orElseThrow(),
                  FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                  Linker.Option.firstVariadicArg(1))
              .invokeExact(PR_GET_DUMPABLE);
    } catch (Throwable e) {
      throw new IllegalStateException("no answer of the system", e);
    }
  }
}
