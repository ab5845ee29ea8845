package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.cli.internal.supervisor.Ports;
import org.sesemi.cli.internal.supervisor.StackControl;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.VerificationRecord;
import picocli.CommandLine.Command;

/** Looks whether this machine and the state folder are fit to run a stack. */
@Command(
    name = "doctor",
    header = "Look whether this machine is fit to run a stack.",
    description =
        "Look whether this machine and the state folder are fit to run a stack: Java, programs, "
            + "permissions, ports, disk, memory, what was left behind. Exit code 5 when not.",
    footer = {"  sesemi doctor", "  sesemi doctor --json"})
final class DoctorCommand extends Verb {

  private static final long DISK_NEEDED = 500_000_000L;
  private static final long MEMORY_NEEDED = 1_000_000_000L;

  DoctorCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() {
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(system());
    checks.add(programs());
    Path folder = session().homePath();
    Optional<HomeFolder> home = Optional.empty();
    if (Files.exists(folder)) {
      try {
        home = Optional.of(HomeFolder.open(folder));
        checks.add(Check.passed("state-folder", "private, of this version", folder.toString()));
      } catch (CodedException e) {
        checks.add(
            Check.failed("state-folder", "private, of this version", folder.toString(), reason(e)));
      }
    } else {
      checks.add(Check.passed("state-folder", "private, of this version", "not made yet"));
    }
    home.ifPresent(h -> checks.addAll(stack(h)));
    checks.add(disk(folder));
    checks.add(memory());
    VerificationRecord record = new VerificationRecord("doctor", checks);
    List<String> lines = RecordView.lines(record, output().style());
    if (record.checks().stream().anyMatch(c -> c.outcome() == CheckOutcome.FAILED)) {
      lines.forEach(output()::line);
      Check failing = record.failing().orElseThrow();
      throw new FailureWithDetails(
          new CliException(
              CliException.Code.DOCTOR_FOUND,
              failing.name().replace('-', ' ') + ": " + failing.reason()),
          new Fields().put("checks", RecordView.fields(record).json()));
    }
    return new Result(RecordView.fields(record), lines);
  }

  private static Check java() {
    int feature = Runtime.version().feature();
    return Check.of(
        "java",
        feature >= 25,
        "25 or newer",
        Runtime.version().toString(),
        "this Java is too old; set SESEMI_JDK to a JDK 25");
  }

  private static Check system() {
    String name = System.getProperty("os.name", "");
    return Check.of(
        "system",
        name.equals("Linux"),
        "Linux",
        name + " " + System.getProperty("os.arch", ""),
        "the simulated platform runs on Linux only");
  }

  private static Check programs() {
    try {
      return Check.passed("programs", "all there", Dist.find().root().toString());
    } catch (CodedException e) {
      return Check.failed("programs", "all there", "", reason(e));
    }
  }

  private static List<Check> stack(HomeFolder home) {
    List<Check> checks = new ArrayList<>();
    StackControl control = new StackControl(home);
    boolean running = control.status().isPresent();
    checks.add(
        Check.of(
            "left-behind",
            !control.hasLeftovers(),
            "nothing",
            running ? "nothing, the stack runs" : "nothing",
            "a supervisor was killed; clean up with: sesemi down"));
    List<String> open = openFiles(home);
    checks.add(
        Check.of(
            "permissions",
            open.isEmpty(),
            "files for the owner only",
            open.isEmpty() ? "files for the owner only" : String.join(", ", open),
            "others may read secrets; repair with: chmod -R go-rwx " + home.root()));
    Optional<Ports> ports = Ports.read(home);
    if (ports.isPresent() && !running) {
      String both = ports.get().packer() + ", " + ports.get().keyService();
      checks.add(
          Check.of(
              "ports",
              Ports.isFree(ports.get().packer()),
              "free",
              both,
              "something else listens on port "
                  + ports.get().packer()
                  + "; choose another with: sesemi up --port N"));
    }
    return checks;
  }

  private static List<String> openFiles(HomeFolder home) {
    List<String> open = new ArrayList<>();
    for (Path folder : List.of(home.identities(), home.requestKeys())) {
      try (var entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          if (PrivateFiles.isOpenToOthers(entry)) {
            open.add(entry.toString());
          }
        }
      } catch (IOException e) {
        open.add(folder.toString());
      }
    }
    return open;
  }

  private static Check disk(Path folder) {
    Path present = folder.toAbsolutePath();
    while (!Files.exists(present) && present.getParent() != null) {
      present = present.getParent();
    }
    try {
      FileStore store = Files.getFileStore(present);
      long free = store.getUsableSpace();
      return Check.of(
          "disk",
          free >= DISK_NEEDED,
          Sizes.text(DISK_NEEDED) + " free",
          Sizes.text(free) + " free",
          "the state folder may run full");
    } catch (IOException e) {
      return Check.unverified("disk", Sizes.text(DISK_NEEDED) + " free", "cannot be asked for");
    }
  }

  private static Check memory() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          long bytes = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
          return Check.of(
              "memory",
              bytes >= MEMORY_NEEDED,
              Sizes.text(MEMORY_NEEDED) + " available",
              Sizes.text(bytes) + " available",
              "functions may not start");
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Check.unverified("memory", Sizes.text(MEMORY_NEEDED), "cannot be asked for");
    }
    return Check.unverified("memory", Sizes.text(MEMORY_NEEDED), "cannot be asked for");
  }

  private static String reason(CodedException e) {
    return e.detail() + "; " + e.errorCode().hint();
  }
}
