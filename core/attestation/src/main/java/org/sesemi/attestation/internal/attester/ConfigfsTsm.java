package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.sesemi.wire.Bytes;

/**
 * The kernel's one interface to the security modules of guests: a folder in configfs per request.
 *
 * <p>The report belongs to what was written last. Whoever may write to the folder can thus change
 * it in between; the kernel counts writes in {@code generation}, and a report counts only when no
 * write but one's own came between two looks at it.
 *
 * <p>Source: Linux, Documentation/ABI/testing/configfs-tsm-report; from 6.7. Thread-safe: every
 * request has its own folder.
 */
final class ConfigfsTsm {

  /** Where the folders of requests are. */
  static final String FOLDER = "sys/kernel/config/tsm/report";

  /** The longest blob that the kernel hands out, in bytes. */
  static final int MAX_BLOB = 32 * 1024;

  /** How often a request is repeated when others write in between or the firmware is busy. */
  static final int ATTEMPTS = 8;

  private static final int NAMES = 64;
  private static final String OUT = "outblob";
  private static final AtomicLong COUNTER = new AtomicLong();
  private static final System.Logger LOG = System.getLogger(ConfigfsTsm.class.getName());

  private final Path folder;
  private final OptionalInt privilegeLevel;

  /**
   * What the kernel gives.
   *
   * @param provider the form of the report, for example {@code sev_guest}
   * @param report the report or quote
   * @param auxiliary what comes with it, such as certificates; empty when there is none
   */
  record Report(String provider, Bytes report, Bytes auxiliary) {}

  /**
   * Reaches the interface below the root of a file system.
   *
   * @param privilegeLevel the level (VMPL) to report for; absent takes the lowest that is allowed
   */
  ConfigfsTsm(Path root, OptionalInt privilegeLevel) {
    this.folder = root.resolve(FOLDER);
    this.privilegeLevel = privilegeLevel;
  }

  boolean isPresent() {
    return Files.isDirectory(folder);
  }

  /** {@return the name of the provider} */
  String provider() throws IOException {
    Path entry = create();
    try {
      return PseudoFiles.line(entry.resolve("provider"));
    } finally {
      remove(entry);
    }
  }

  /**
   * Asks for a report.
   *
   * @param data 64 bytes that it covers
   * @throws IOException when there is none, with a message for people
   */
  Report report(byte[] data) throws IOException {
    Path entry = create();
    try {
      String provider = PseudoFiles.line(entry.resolve("provider"));
      OptionalInt level = level(entry);
      String last = "";
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          Optional<Report> report = attempt(entry, provider, level, data);
          if (report.isPresent()) {
            return report.get();
          }
          last = "others wrote to the same request in between";
        } catch (IOException e) {
          if (!PseudoFiles.isPassing(e)) {
            throw new IOException(explained(PseudoFiles.reason(e)), e);
          }
          last = PseudoFiles.reason(e);
        }
      }
      throw new IOException("no report after " + ATTEMPTS + " attempts: " + last);
    } finally {
      remove(entry);
    }
  }

  private static Optional<Report> attempt(
      Path entry, String provider, OptionalInt level, byte[] data) throws IOException {
    Path generation = entry.resolve("generation");
    long before = PseudoFiles.number(generation);
    int writes = 1;
    if (level.isPresent()) {
      byte[] text = Integer.toString(level.getAsInt()).getBytes(StandardCharsets.US_ASCII);
      PseudoFiles.write(entry.resolve("privlevel"), text);
      writes++;
    }
    PseudoFiles.write(entry.resolve("inblob"), data);
    byte[] report = PseudoFiles.read(entry.resolve(OUT), MAX_BLOB);
    Path auxiliary = entry.resolve("auxblob");
    byte[] more = Files.exists(auxiliary) ? PseudoFiles.read(auxiliary, MAX_BLOB) : new byte[0];
    if (PseudoFiles.number(generation) - before != writes) {
      return Optional.empty();
    }
    if (report.length == 0) {
      throw new IOException("the report is empty");
    }
    return Optional.of(new Report(provider, Bytes.of(report), Bytes.of(more)));
  }

  /** A guest above a service module may not report for a level below its own. */
  private OptionalInt level(Path entry) throws IOException {
    Path file = entry.resolve("privlevel_floor");
    if (!Files.exists(file)) {
      if (privilegeLevel.isPresent()) {
        throw new IOException("this platform has no privilege levels");
      }
      return OptionalInt.empty();
    }
    int floor = Math.clamp(PseudoFiles.number(file), 0, Integer.MAX_VALUE);
    if (privilegeLevel.isPresent() && privilegeLevel.getAsInt() < floor) {
      throw new IOException(
          "privilege level " + privilegeLevel.getAsInt() + " is below the floor " + floor);
    }
    return privilegeLevel.isPresent() || floor == 0 ? privilegeLevel : OptionalInt.of(floor);
  }

  private Path create() throws IOException {
    for (int i = 0; i < NAMES; i++) {
      Path entry =
          folder.resolve(
              "sesemi-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet());
      try {
        return Files.createDirectory(entry);
      } catch (FileAlreadyExistsException e) {
        // A process of another container, or one that was killed, has the name: the next one.
      } catch (IOException e) {
        throw new IOException(explained(PseudoFiles.reason(e)), e);
      }
    }
    throw new IOException("no name is free in " + folder);
  }

  private static void remove(Path entry) {
    try {
      Files.delete(entry);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the request {0} cannot be removed", entry);
    }
  }

  private static String explained(String reason) {
    if (reason.equals("permission denied")) {
      return "permission denied: reports are for root, or for an agent that runs as root";
    }
    if (reason.contains("No such device")) {
      return "no provider of reports is loaded (" + reason + ")";
    }
    if (reason.contains("Invalid argument")) {
      return "the platform refused the request (" + reason + ")";
    }
    if (reason.contains("too large")) {
      return "the report is longer than the kernel hands out (" + reason + ")";
    }
    return reason;
  }
}
