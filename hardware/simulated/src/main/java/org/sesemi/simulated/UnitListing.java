package org.sesemi.simulated;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.sesemi.attestation.AttestationException;
import org.sesemi.wire.Cbor;
import org.sesemi.wire.CborValue;
import org.sesemi.wire.Digest;

/**
 * The files and folders of a launch folder as the file system describes them, without their
 * content: what tells whether something changed since it was last read.
 *
 * @param files the plain files by their path relative to the launch folder
 * @param folders the folders below the launch folder, by relative path
 */
record UnitListing(SortedMap<String, Entry> files, SortedMap<String, Path> folders) {

  static final String JDK = "jdk";

  private static final int MAX_ENTRIES = 20_000;
  private static final int MAX_DEPTH = 32;

  /**
   * One file.
   *
   * @param path where it is
   * @param size its size in bytes
   * @param modified its modification time in nanoseconds
   * @param changed when content, rights or links changed, in nanoseconds; nobody can set it
   * @param identity what the file system calls it, which changes when it is replaced
   * @param permissions who may use it
   */
  record Entry(
      Path path,
      long size,
      long modified,
      long changed,
      String identity,
      List<PosixFilePermission> permissions) {

    boolean executable() {
      return permissions.contains(PosixFilePermission.OWNER_EXECUTE);
    }

    /** What stays the same as long as nobody writes, links to it by the store included. */
    String stamp() {
      return size + " " + modified + " " + identity + " " + permissions;
    }

    /** What stays the same only as long as nobody touches the file at all. */
    String exactStamp() {
      return changed + " " + stamp();
    }
  }

  /**
   * Lists a launch folder, with the JDK image in its {@code jdk} folder or else in the {@code jdk}
   * folder beside it, where launch folders of one distribution share it.
   */
  static UnitListing ofSource(Path unit) throws IOException {
    UnitListing listing = new UnitListing(new TreeMap<>(), new TreeMap<>());
    if (!Files.isDirectory(unit, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(unit, "is not a folder");
    }
    listing.walk(unit, "");
    Path shared = unit.resolveSibling(JDK);
    if (!Files.exists(unit.resolve(JDK), LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(shared, LinkOption.NOFOLLOW_LINKS)) {
      listing.folders.put(JDK, shared);
      listing.walk(shared, JDK);
    }
    return listing;
  }

  /** Lists a tree of the store. */
  static UnitListing ofTree(Path tree) throws IOException {
    UnitListing listing = new UnitListing(new TreeMap<>(), new TreeMap<>());
    listing.walk(tree, "");
    return listing;
  }

  private void walk(Path root, String prefix) throws IOException {
    Files.walkFileTree(
        root,
        Set.of(),
        MAX_DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes ignored)
              throws IOException {
            attributes(folder);
            if (!folder.equals(root)) {
              folders.put(name(folder), folder);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes ignored)
              throws IOException {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
              throw refused(file, "is not a plain file");
            }
            PosixFileAttributes attributes = attributes(file);
            files.put(
                name(file),
                new Entry(
                    file,
                    attributes.size(),
                    attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    changed(file).to(TimeUnit.NANOSECONDS),
                    String.valueOf(attributes.fileKey()),
                    attributes.permissions().stream().sorted().toList()));
            if (files.size() + folders.size() > MAX_ENTRIES) {
              throw refused(root, "has more than " + MAX_ENTRIES + " entries");
            }
            return FileVisitResult.CONTINUE;
          }

          private String name(Path path) {
            String relative = root.relativize(path).toString();
            return prefix.isEmpty() ? relative : prefix + "/" + relative;
          }
        });
  }

  static FileTime changed(Path file) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new AttestationException(
          AttestationException.Code.LAUNCH_WRITABLE, path + " can be changed by group or others");
    }
    return attributes;
  }

  /** A digest over names and stamps: equal as long as nothing was touched. */
  Digest stamp() {
    SortedMap<CborValue.Key, CborValue> all = new TreeMap<>();
    files.forEach(
        (name, entry) -> all.put(new CborValue.Text(name), new CborValue.Text(entry.stamp())));
    folders.keySet().forEach(name -> all.put(new CborValue.Text(name), new CborValue.Text("")));
    return Digest.sha256(Cbor.encode(new CborValue.Map(all)));
  }

  /** A digest over names and contents, the contents given by the names of their blobs. */
  Digest contents(Map<String, String> blobs) {
    SortedMap<CborValue.Key, CborValue> all = new TreeMap<>();
    blobs.forEach((name, blob) -> all.put(new CborValue.Text(name), new CborValue.Text(blob)));
    folders.keySet().forEach(name -> all.put(new CborValue.Text(name), new CborValue.Text("")));
    return Digest.sha256(Cbor.encode(new CborValue.Map(all)));
  }

  static AttestationException refused(Path path, String why) {
    return new AttestationException(AttestationException.Code.LAUNCH_FOLDER, path + " " + why);
  }
}
