package org.sesemi.cli.internal.supervisor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Cuts a process loose from the terminal that it was started from. */
public final class Detach {

  private Detach() {}

  /**
   * Makes this process the leader of a session of its own, so that neither the end of the terminal
   * nor a key typed there reaches it or its children.
   *
   * @return whether it became one; a process that leads a group already cannot
   */
  @SuppressWarnings("restricted") // the signature of setsid is as declared here
  public static boolean newSession() {
    Linker linker = Linker.nativeLinker();
    MethodHandle setsid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setsid"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT));
    try {
      return (int) setsid.invokeExact() > 0;
    } catch (Throwable e) {
      throw new IllegalStateException("setsid cannot be called", e);
    }
  }
}
