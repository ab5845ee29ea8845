package org.sesemi.attestation.internal.attester;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** System calls of the C library by the foreign function API. Linux. */
@SuppressWarnings("restricted") // native access is what this class is for
final class NativeCalls implements SystemCalls {

  private static final int READ_WRITE = 2;
  private static final int CLOSE_ON_EXEC = 0x80000;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR_NUMBER =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle open;
  private final MethodHandle ioctl;
  private final MethodHandle close;

  NativeCalls() {
    Linker linker = Linker.nativeLinker();
    this.open =
        handle(
            linker,
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    this.ioctl =
        handle(
            linker,
            "ioctl",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    this.close =
        handle(linker, "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private static MethodHandle handle(
      Linker linker, String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    MemorySegment symbol =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new IllegalStateException("the C library lacks " + name));
    return linker.downcallHandle(symbol, descriptor, all);
  }

  @Override
  public int open(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return call(arena, state -> (int) open.invokeExact(state, name, READ_WRITE | CLOSE_ON_EXEC));
    }
  }

  @Override
  public int ioctl(int descriptor, long request, MemorySegment argument) {
    try (Arena arena = Arena.ofConfined()) {
      return call(arena, state -> (int) ioctl.invokeExact(state, descriptor, request, argument));
    }
  }

  @Override
  public int close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      return call(arena, state -> (int) close.invokeExact(state, descriptor));
    }
  }

  @FunctionalInterface
  private interface Call {
    int make(MemorySegment state) throws Throwable;
  }

  private static int call(Arena arena, Call call) {
    MemorySegment state = arena.allocate(STATE);
    try {
      int result = call.make(state);
      return result < 0 ? -(int) ERROR_NUMBER.get(state, 0L) : result;
    } catch (Throwable e) {
      throw new IllegalStateException("a system call could not be made", e);
    }
  }
}
