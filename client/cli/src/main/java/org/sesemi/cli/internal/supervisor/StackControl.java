package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** Starts and stops the stack of a state folder from a process that does not stay. */
public final class StackControl {

  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(45);
  private static final Duration EVERY = Duration.ofMillis(25);

  private final HomeFolder home;
  private final RunFolder run;

  /**
   * Makes a control.
   *
   * @param home the state folder
   */
  public StackControl(HomeFolder home) {
    this.home = home;
    this.run = new RunFolder(home);
  }

  /** Returns what the stack looks like, while it is supervised. */
  public Optional<StackStatus> status() {
    return run.livingStatus();
  }

  /** Tells whether something was left behind by a supervisor that did not end by itself. */
  public boolean hasLeftovers() {
    return run.exists() && run.livingStatus().isEmpty() && !isLocked();
  }

  /** Tells whether a supervisor lives, even one that has not written anything yet. */
  private boolean isLocked() {
    Optional<FileLock> lock = RunFolder.lock(home);
    lock.ifPresent(StackControl::release);
    return lock.isEmpty();
  }

  /**
   * Starts the stack and waits until it serves.
   *
   * @param dist the programs
   * @param progress told in words what goes on
   * @return what it looks like
   */
  public StackStatus up(Dist dist, Consumer<String> progress) {
    if (isLocked()) {
      Optional<StackStatus> present =
          Poll.until(Duration.ofSeconds(5), EVERY, () -> run.livingStatus());
      return awaitReady(
          present
              .map(StackStatus::supervisor)
              .orElseThrow(
                  () ->
                      new CliException(
                          CliException.Code.BUSY, "another command starts or stops this stack")),
          progress);
    }
    cleanUp();
    ProcessId supervisor = startSupervisor(dist);
    try {
      return awaitReady(supervisor, progress);
    } catch (CodedException e) {
      var _ = endSupervisor(supervisor);
      cleanUp();
      throw e;
    }
  }

  /**
   * Stops the stack and removes all that was there for it alone.
   *
   * @param progress told in words what goes on
   * @return how many processes were stopped or found ended
   */
  public int down(Consumer<String> progress) {
    Optional<StackStatus> status = run.status();
    if (status.isEmpty() && !run.exists()) {
      return 0;
    }
    int count = 0;
    if (status.isPresent() && status.get().supervisor().isAlive()) {
      progress.accept("stopping the stack");
      count = 1 + (int) status.get().parts().stream().filter(p -> p.process().isPresent()).count();
      if (!endSupervisor(status.get().supervisor())) {
        throw new CliException(
            CliException.Code.NOT_READY,
            "the supervisor, process " + status.get().supervisor().pid() + ", does not end");
      }
    }
    count += cleanUp();
    return count;
  }

  private boolean endSupervisor(ProcessId supervisor) {
    try {
      Optional<ProcessHandle> handle = supervisor.living();
      if (handle.isEmpty()) {
        return true;
      }
      var _ = handle.get().destroy();
      return supervisor.awaitEnd(STOP_LIMIT) || supervisor.end(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Removes what a supervisor left behind: its children have ended with the pipes that it held; any
   * that did not is ended here.
   */
  private int cleanUp() {
    int count = 0;
    Optional<StackStatus> status = run.status();
    if (status.isPresent()) {
      for (StackStatus.PartStatus part : status.get().parts()) {
        if (part.process().isPresent()) {
          count += endLeftOver(part.process().get());
        }
      }
    }
    run.delete();
    try {
      Files.deleteIfExists(home.root().resolve("platform").resolve("daemon.sock"));
    } catch (IOException e) {
      throw new CliException(
          CliException.Code.HOME_UNWRITABLE, "cannot clean up " + home.root(), e);
    }
    return count;
  }

  private static int endLeftOver(ProcessId process) {
    if (!process.isAlive()) {
      return 0;
    }
    try {
      if (!process.awaitEnd(Duration.ofSeconds(5))) {
        var _ = process.end(Duration.ofSeconds(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private ProcessId startSupervisor(Dist dist) {
    run.create();
    Path log = home.logs().resolve("supervisor.log");
    List<String> command = new ArrayList<>();
    command.add(dist.java().toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-Xshare:auto",
            "-Djava.io.tmpdir=" + run.temporary(),
            "-Djava.library.path=" + dist.root().resolve("client/natives"),
            "--enable-native-access=org.sesemi.cli,org.conscrypt",
            "-D" + Dist.PROPERTY + "=" + dist.root(),
            "-p",
            dist.lib("client").toString(),
            "-m",
            "org.sesemi.cli/org.sesemi.cli.Main",
            "supervise",
            "--home",
            home.root().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(home.platform().toFile());
    builder.environment().clear();
    builder.environment().putAll(childEnvironment());
    builder.redirectInput(new java.io.File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return ProcessId.of(builder.start().toHandle());
    } catch (IOException e) {
      throw new CliException(CliException.Code.START_FAILED, "cannot start the supervisor", e);
    }
  }

  /** Returns the environment of all that is started: nothing that could change a program. */
  static Map<String, String> childEnvironment() {
    return Map.of("LANG", "C.UTF-8", "PATH", "/usr/bin:/bin");
  }

  private StackStatus awaitReady(ProcessId supervisor, Consumer<String> progress) {
    String[] told = {""};
    Optional<StackStatus> end =
        Poll.until(
            READY_LIMIT,
            EVERY,
            () -> {
              boolean alive = supervisor.isAlive();
              Optional<StackStatus> status =
                  run.status().filter(s -> s.supervisor().pid() == supervisor.pid());
              if (status.isEmpty() && !alive) {
                throw new CliException(
                    CliException.Code.START_FAILED,
                    "the supervisor ended; see " + home.logs().resolve("supervisor.log"));
              }
              status.ifPresent(
                  s -> {
                    if (s.state() == StackStatus.State.STARTING && !s.phase().equals(told[0])) {
                      told[0] = s.phase();
                      progress.accept(s.phase());
                    }
                  });
              if (status.isPresent()
                  && !alive
                  && status.get().state() != StackStatus.State.FAILED) {
                throw new CliException(
                    CliException.Code.START_FAILED,
                    "the supervisor ended; see " + home.logs().resolve("supervisor.log"));
              }
              return status.filter(s -> s.state() != StackStatus.State.STARTING);
            });
    StackStatus status =
        end.orElseThrow(
            () ->
                new CliException(
                    CliException.Code.NOT_READY,
                    "the stack did not become ready in " + READY_LIMIT.toSeconds() + " s"));
    return switch (status.state()) {
      case READY, STARTING -> status;
      case FAILED -> throw reported(status);
      case STOPPING ->
          throw new CliException(CliException.Code.BUSY, "another command stops this stack");
    };
  }

  /** Turns a failure that the supervisor wrote down into one of this process. */
  private static CodedException reported(StackStatus status) {
    return new ReportedFailure(
        status
            .failure()
            .orElseGet(
                () ->
                    StackStatus.Failure.of(
                        new CliException(
                            CliException.Code.START_FAILED, "the stack does not start"))));
  }

  private static void release(FileLock lock) {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot unlock", e);
    }
  }

  /** A failure that the supervisor found. */
  private static final class ReportedFailure extends CodedException {
    private static final long serialVersionUID = 1L;

    private record ReportedCode(StackStatus.Failure failure) implements ErrorCode {
      @Override
      public String code() {
        return failure.code();
      }

      @Override
      public ErrorCategory category() {
        return failure.category();
      }

      @Override
      public boolean retryable() {
        return false;
      }

      @Override
      public String hint() {
        return failure.hint();
      }
    }

    ReportedFailure(StackStatus.Failure failure) {
      super(new ReportedCode(failure), failure.message());
    }
  }
}
