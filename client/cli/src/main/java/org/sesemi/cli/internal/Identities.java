package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;

/** The identities of a state folder: one private file for each, never printed. */
public final class Identities {

  /** The identity that acts when none is named. */
  public static final String DEFAULT = "default";

  private static final String SUFFIX = ".json";

  /**
   * What is public of an identity.
   *
   * @param name what it is called here
   * @param id what it is known by
   * @param file where its secret is
   */
  public record Entry(String name, PartyId id, Path file) {

    /** Returns the form of documents. */
    public Fields fields() {
      return new Fields().put("name", name).put("id", id.hex());
    }
  }

  private final Path folder;

  /**
   * Opens the identities of a state folder.
   *
   * @param home the state folder
   */
  public Identities(HomeFolder home) {
    this.folder = home.identities();
  }

  /**
   * Makes an identity.
   *
   * @param name what to call it
   */
  public Entry create(String name) {
    if (!ModelId.isName(name)) {
      throw new CliException(
          CliException.Code.USAGE, "an identity is named with a-z, 0-9, '.', '_' and '-'");
    }
    Path file = file(name);
    if (Files.exists(file)) {
      throw new CliException(
          CliException.Code.IDENTITY_EXISTS, "there is an identity '" + name + "' already");
    }
    try (IdentityKey key = IdentityFiles.generate()) {
      IdentityFiles.write(file, key);
      return new Entry(name, key.id(), file);
    }
  }

  /**
   * Makes an identity unless it exists.
   *
   * @param name what to call it
   */
  public Entry findOrCreate(String name) {
    return Files.exists(file(name)) ? find(name) : create(name);
  }

  /**
   * Finds an identity.
   *
   * @param name what it is called
   */
  public Entry find(String name) {
    if (!ModelId.isName(name) || !Files.exists(file(name))) {
      throw new CliException(
          CliException.Code.IDENTITY_UNKNOWN, "there is no identity '" + name + "'");
    }
    return new Entry(name, IdentityFiles.id(file(name)), file(name));
  }

  /**
   * Opens an identity to act with it; the caller closes the key.
   *
   * @param name what it is called
   */
  public IdentityKey open(String name) {
    return IdentityFiles.read(find(name).file());
  }

  /** Returns all identities by name. */
  public List<Entry> list() {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        name = name.substring(0, name.length() - SUFFIX.length());
        if (ModelId.isName(name)) {
          entries.add(find(name));
        }
      }
    } catch (IOException e) {
      throw new CliException(CliException.Code.STATE_DAMAGED, "cannot read " + folder, e);
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }
}
