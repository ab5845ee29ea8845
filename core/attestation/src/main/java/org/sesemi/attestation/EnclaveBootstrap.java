package org.sesemi.attestation;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.PlatformException;

/**
 * The first thing that an enclave process does: it makes the platform's pipe its own and closes the
 * process against onlookers.
 *
 * <p>Guarantees, before any code of the program runs:
 *
 * <ul>
 *   <li>A process that was started with an agent, a preloaded library, options from its environment
 *       or an open door for debuggers ends at once.
 *   <li>Standard input and output belong to the platform alone: what anything else prints, native
 *       code included, goes to standard error.
 *   <li>The process is not dumpable: no core file, and no attaching by other processes of the same
 *       user. A debugger with root stays possible.
 *   <li>When the pipe closes, the process halts, without running anything else.
 * </ul>
 *
 * <p>The launch needs {@code --enable-native-access=org.sesemi.attestation}.
 */
public final class EnclaveBootstrap {

  /** The exit code of an enclave whose platform went away. */
  public static final int EXIT_PLATFORM_GONE = 70;

  /** The exit code of an enclave that was started in a way that exposes it. */
  public static final int EXIT_EXPOSED = 71;

  /** The exit code of an enclave whose program failed. */
  public static final int EXIT_FAILED = 1;

  private static final int PR_SET_DUMPABLE = 4;

  private EnclaveBootstrap() {}

  /**
   * Runs the program of an enclave and ends the process with it. Called by {@code main}, once.
   *
   * @param program what the enclave does
   */
  public static void run(EnclaveProgram program) {
    System.exit(runToEnd(program));
  }

  private static int runToEnd(EnclaveProgram program) {
    try {
      EnclavePlatform platform = takeOver();
      program.run(platform);
      return 0;
    } catch (CodedException e) {
      System.err.println(e.code() + ": " + e.detail());
      return e.errorCode() == PlatformException.Code.EXPOSED ? EXIT_EXPOSED : EXIT_FAILED;
    } catch (Exception e) {
      System.getLogger(EnclaveBootstrap.class.getName())
          .log(System.Logger.Level.ERROR, "the program of the enclave failed", e);
      return EXIT_FAILED;
    }
  }

  private static EnclavePlatform takeOver() throws IOException {
    refuseExposure();
    // Opened anew, because the descriptors 0 and 1 are given away below, and before the process
    // becomes one that may not open its own descriptors.
    InputStream in = new FileInputStream("/proc/self/fd/0");
    FileOutputStream out = new FileOutputStream("/proc/self/fd/1");
    closeOff();
    PipePlatform platform = PipePlatform.connect(in, out);
    platform.onClosed(() -> Runtime.getRuntime().halt(EXIT_PLATFORM_GONE));
    return platform;
  }

  private static void refuseExposure() throws IOException {
    List<String> findings = ProcessExposure.look().findings();
    if (!findings.isEmpty()) {
      throw new PlatformException(
          PlatformException.Code.EXPOSED,
          "this process was started in a way that exposes it: " + String.join("; ", findings));
    }
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static void closeOff() throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl =
        linker.downcallHandle(
            symbol(linker, "prctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    MethodHandle dup2 =
        linker.downcallHandle(
            symbol(linker, "dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    System.setIn(InputStream.nullInputStream());
    System.setOut(System.err);
    require("dup2", call(() -> (int) dup2.invokeExact(2, 1)) == 1);
    require("prctl", call(() -> (int) prctl.invokeExact(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L)) == 0);
  }

  @FunctionalInterface
  private interface Call {
    int make() throws Throwable;
  }

  private static int call(Call call) throws IOException {
    try {
      return call.make();
    } catch (Throwable e) {
      throw new IOException("a system call could not be made", e);
    }
  }

  private static MemorySegment symbol(Linker linker, String name) throws IOException {
    return linker
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new IOException("the C library lacks " + name));
  }

  private static void require(String call, boolean succeeded) throws IOException {
    if (!succeeded) {
      throw new IOException(call + " failed");
    }
  }
}
