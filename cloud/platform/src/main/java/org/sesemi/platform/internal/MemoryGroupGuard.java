package org.sesemi.platform.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.sesemi.platform.MemoryLimit;

/**
 * Puts each process into a memory group of its own, below the group of this process, in either
 * version of the kernel's interface. The kernel then refuses memory beyond the limit and ends the
 * process that cannot do without.
 *
 * <p>A process that cannot be moved, because it belongs to somebody else or the group was taken
 * away, is watched by the fallback instead.
 */
final class MemoryGroupGuard implements MemoryGuard {

  private static final Logger LOG = System.getLogger(MemoryGroupGuard.class.getName());

  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  /** The two versions of the kernel's interface. */
  private enum Version {
    ONE("memory.limit_in_bytes", "memory.oom_control"),
    TWO("memory.max", "memory.events");

    private final String limitFile;
    private final String eventsFile;

    Version(String limitFile, String eventsFile) {
      this.limitFile = limitFile;
      this.eventsFile = eventsFile;
    }
  }

  private final Path parent;
  private final Version version;
  private final MemoryGuard fallback;
  private final AtomicInteger created = new AtomicInteger();

  private MemoryGroupGuard(Path parent, Version version, MemoryGuard fallback) {
    this.parent = parent;
    this.version = version;
    this.fallback = fallback;
  }

  /** Returns a guard when this process may make memory groups and set their limits. */
  static Optional<MemoryGroupGuard> find(MemoryGuard fallback) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
        String[] parts = line.split(":", 3);
        Optional<MemoryGroupGuard> found = Optional.empty();
        if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
          found = tryAt(MOUNT.resolve("memory"), parts[2], Version.ONE, fallback);
        } else if (parts.length == 3 && parts[0].equals("0")) {
          found = tryAt(MOUNT, parts[2], Version.TWO, fallback);
        }
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "memory groups cannot be told", e);
    }
    return Optional.empty();
  }

  private static Optional<MemoryGroupGuard> tryAt(
      Path mount, String own, Version version, MemoryGuard fallback) {
    // In a container the own path may name a place that the mount does not show: its root is ours.
    for (Path parent : List.of(mount.resolve(own.substring(1)), mount)) {
      MemoryGroupGuard guard = new MemoryGroupGuard(parent, version, fallback);
      try (Group probe = guard.create("probe", 1L << 30)) {
        LOG.log(Level.DEBUG, "memory groups can be made, for example {0}", probe.folder);
        return Optional.of(guard);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "no memory group can be made in " + parent, e);
      }
    }
    return Optional.empty();
  }

  @Override
  public MemoryLimit kind() {
    return MemoryLimit.MEMORY_GROUP;
  }

  @Override
  public Confinement confine(String label, long pid, long limit, Runnable end) {
    try {
      Group group = create(label, limit);
      try {
        group.write("cgroup.procs", Long.toString(pid));
        return group;
      } catch (IOException e) {
        group.close();
        throw e;
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "process " + pid + " has no memory group and is watched instead", e);
      return fallback.confine(label, pid, limit, end);
    }
  }

  private Group create(String label, long limit) throws IOException {
    String name =
        "sesemi-" + ProcessHandle.current().pid() + "-" + created.incrementAndGet() + "-" + label;
    Path folder = parent.resolve(name);
    Files.createDirectory(folder);
    Group group = new Group(folder, version);
    try {
      if (version == Version.ONE) {
        // What the process took before it was moved counts from the beginning.
        group.write("memory.move_charge_at_immigrate", "3");
      }
      group.write(version.limitFile, Long.toString(limit));
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  private record Group(Path folder, Version version) implements Confinement {

    void write(String file, String value) throws IOException {
      // Creating would hide that the kernel does not offer the file here.
      Path path = folder.resolve(file);
      if (!Files.isWritable(path)) {
        throw new IOException("not writable: " + path);
      }
      Files.writeString(path, value);
    }

    @Override
    public boolean exceeded() {
      try {
        return Files.readAllLines(folder.resolve(version.eventsFile)).stream()
            .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
      } catch (IOException _) {
        return false;
      }
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a memory group stays: " + folder, e);
      }
    }
  }
}
