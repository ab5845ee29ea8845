package org.sesemi.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sesemi.testkit.LeakScanner.Leak;

/**
 * What an untrusted machine sees of a stack: the files of its state folder, the arguments and
 * environments of its processes, its logs, its storage.
 *
 * <p>Left out are the folders of the home that belong to the owner and the user themselves.
 */
public final class Surfaces {

  private static final Set<String> OWN = Set.of("identities", "request-keys", "trust", "receipts");

  private Surfaces() {}

  /**
   * Searches everything that lies still.
   *
   * @param scanner what to search for
   * @param sesemi whose processes and files
   * @return what was found
   */
  public static List<Leak> scan(LeakScanner scanner, Sesemi sesemi) {
    Path home = sesemi.home();
    List<Leak> leaks =
        new ArrayList<>(
            scanner.scan(home, file -> !OWN.contains(home.relativize(file).getName(0).toString())));
    for (ProcessHandle process : sesemi.processes()) {
      for (String surface : List.of("cmdline", "environ")) {
        leaks.addAll(
            scanner.scan(
                surface + " of " + process.pid(),
                read(Path.of("/proc", Long.toString(process.pid()), surface))));
      }
    }
    return leaks;
  }

  /**
   * Searches what a network carried.
   *
   * @param scanner what to search for
   * @param relay the network
   * @return what was found
   */
  public static List<Leak> scan(LeakScanner scanner, RecordingRelay relay) {
    List<Leak> leaks = new ArrayList<>();
    for (RecordingRelay.Conversation conversation : relay.conversations()) {
      leaks.addAll(scanner.scan(conversation.surface(), conversation.content()));
    }
    return leaks;
  }

  /** An enclave that is not dumpable hides its environment from everybody but root. */
  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException hidden) {
      return new byte[0];
    }
  }
}
