package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder that holds all state of one person: identities, what is pinned, receipts, and the
 * stack's own data.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>a folder that this program did not make is never written into;
 *   <li>folder and files are readable by their owner only, and a folder that others may read is
 *       refused;
 *   <li>a folder of an unknown version is refused as a whole.
 * </ul>
 *
 * <pre>
 * sesemi.json      the marker: who made the folder, in which form
 * context.json     the stack that commands talk to
 * identities/      one file for each identity: its secret seed
 * request-keys/    the user's keys of requests
 * trust/           the highest epoch seen of each cluster
 * receipts/        what answers were proven with
 * platform/        the simulated platform: root key, store, logs of what it launched
 * keyservice/      the key service's encrypted database
 * storage/         sealed models
 * sealed-by        the measurement of the key service that sealed the state
 * ports.json       the ports that were chosen
 * run/             what exists only while the stack runs
 * logs/            what supervisor, platform and packer wrote
 * </pre>
 */
public final class HomeFolder {

  /** What a folder was made for. */
  public enum Kind {
    /** State that is kept. */
    HOME("Home"),
    /** State of the demo, which begins anew whenever it does not fit. */
    DEMO("Demo");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private static final String MARKER = "sesemi.json";

  private final Path root;

  private HomeFolder(Path root) {
    this.root = root;
  }

  /**
   * Opens the folder, making it when it is missing or empty.
   *
   * @param folder the folder
   * @param kind what to make it for
   */
  public static HomeFolder openOrCreate(Path folder, Kind kind) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
        PrivateFiles.makeFolder(root);
      }
      if (Files.isDirectory(root) && PrivateFiles.isEmpty(root)) {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        StateFile.write(
            root.resolve(MARKER),
            new Fields().put("apiVersion", Output.API_VERSION).put("kind", kind.text));
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new CliException(
          CliException.Code.HOME_UNWRITABLE, "cannot make the state folder " + root, e);
    }
    return open(root);
  }

  /**
   * Opens a folder that exists.
   *
   * @param folder the folder
   */
  public static HomeFolder open(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliException(
          CliException.Code.NOT_SET_UP, "there is no state folder " + root + " yet");
    }
    if (!Files.isDirectory(root)) {
      throw new CliException(CliException.Code.HOME_FOREIGN, root + " is not a folder");
    }
    Path marker = root.resolve(MARKER);
    if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliException(
          CliException.Code.HOME_FOREIGN, root + " holds files that are not of sesemi");
    }
    try {
      if (PrivateFiles.isOpenToOthers(root)) {
        throw new CliException(
            CliException.Code.HOME_OPEN, "other users of this machine may look into " + root);
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new CliException(
          CliException.Code.HOME_UNWRITABLE, "cannot read the permissions of " + root, e);
    }
    if (!StateFile.read(marker, fields -> fields.text("apiVersion")).equals(Output.API_VERSION)) {
      throw new CliException(
          CliException.Code.HOME_VERSION, "the state folder " + root + " has an unknown version");
    }
    return new HomeFolder(root);
  }

  /** Returns what the folder was made for. */
  public Kind kind() {
    String text = StateFile.read(root.resolve(MARKER), fields -> fields.text("kind"));
    return text.equals(Kind.DEMO.text) ? Kind.DEMO : Kind.HOME;
  }

  /** Deletes everything but the marker. */
  public void clear() throws IOException {
    try (var entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (!entry.endsWith(MARKER)) {
          PrivateFiles.deleteTree(entry);
        }
      }
    }
  }

  /** Returns the folder. */
  public Path root() {
    return root;
  }

  /** Returns the file with the stack that commands talk to. */
  public Path context() {
    return root.resolve("context.json");
  }

  /** Returns the folder of identities. */
  public Path identities() {
    return folder("identities");
  }

  /** Returns the folder of the user's request keys. */
  public Path requestKeys() {
    return folder("request-keys");
  }

  /** Returns the folder of what the client remembers of clusters. */
  public Path trust() {
    return folder("trust");
  }

  /** Returns the folder of receipts. */
  public Path receipts() {
    return folder("receipts");
  }

  /** Returns the simulated platform's folder. */
  public Path platform() {
    return folder("platform");
  }

  /** Returns the key service's data folder. */
  public Path keyService() {
    return folder("keyservice");
  }

  /** Returns the file with the measurement of the key service that sealed the state. */
  public Path sealedBy() {
    return root.resolve("sealed-by");
  }

  /** Returns the folder of sealed models. */
  public Path storage() {
    return folder("storage");
  }

  /** Returns the folder of logs. */
  public Path logs() {
    return folder("logs");
  }

  /** Returns the folder of what exists only while the stack runs; it may be missing. */
  public Path run() {
    return root.resolve("run");
  }

  private Path folder(String name) {
    Path folder = root.resolve(name);
    try {
      PrivateFiles.makeFolder(folder);
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot make " + folder, e);
    }
    return folder;
  }
}
