package org.sesemi.cli.internal.supervisor;

import java.lang.System.Logger.Level;
import java.nio.channels.FileLock;
import java.time.InstantSource;
import java.util.Optional;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.HomeFolder;

/**
 * The process in which a supervisor lives: it leaves the terminal, and stops when it is told to.
 */
public final class SupervisorProcess {

  private SupervisorProcess() {}

  /**
   * Supervises the stack of a state folder until this process is told to end.
   *
   * @param home the state folder
   * @param dist the programs
   * @return whether the stack had started
   */
  public static boolean run(HomeFolder home, Dist dist) {
    boolean alone = Detach.newSession();
    System.getLogger(SupervisorProcess.class.getName())
        .log(Level.DEBUG, "a session of its own: {0}", alone);
    FileLock lock =
        RunFolder.lock(home)
            .orElseThrow(
                () ->
                    new CliException(
                        CliException.Code.BUSY, "another supervisor looks after " + home.root()));
    RunFolder run = new RunFolder(home);
    run.create();
    Supervisor supervisor =
        new Supervisor(new LocalStack(home, dist, run), run, InstantSource.system());
    // Runs when the process is told to end, and keeps it from ending until all is stopped.
    Thread onExit = Thread.ofPlatform().name("stop").unstarted(supervisor::stopAndWait);
    Runtime.getRuntime().addShutdownHook(onExit);
    boolean started = supervisor.run();
    var _ = Optional.of(lock);
    return started;
  }
}
