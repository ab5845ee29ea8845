package org.sesemi.platform.internal;

import java.util.concurrent.ScheduledExecutorService;
import org.sesemi.platform.MemoryLimit;
import org.sesemi.platform.ProcessPlatform;

/** Holds processes to a memory limit. */
interface MemoryGuard {

  /** One process under a limit. */
  interface Confinement extends AutoCloseable {
    /** Tells whether the process went beyond its limit; final once the process is gone. */
    boolean exceeded();

    /** Releases what the limit needed; the process is gone. */
    @Override
    void close();
  }

  /** Returns how this guard works. */
  MemoryLimit kind();

  /**
   * Puts a process under a limit.
   *
   * @param label a name that is unique among living processes
   * @param pid the process
   * @param limit bytes
   * @param end ends the process, for guards that do not do it themselves
   */
  Confinement confine(String label, long pid, long limit, Runnable end);

  /** Returns the best guard that works here. */
  static MemoryGuard choose(ProcessPlatform.LimitBy limitBy, ScheduledExecutorService timer) {
    ResidentGuard fallback = new ResidentGuard(timer);
    return switch (limitBy) {
      case RESIDENT_SIZE -> fallback;
      case BEST ->
          MemoryGroupGuard.find(fallback).<MemoryGuard>map(guard -> guard).orElse(fallback);
    };
  }
}
