package org.sesemi.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.LaunchUnit;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/**
 * The daemon's own copies of launch folders, from which enclaves are started.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>What is measured is what is started: both are the copy, and a launch folder that changes
 *       afterwards, or while it is copied, has no part in either.
 *   <li>A copy is measured anew in each life of the daemon, and again when a file of it was
 *       touched.
 *   <li>A second launch of an unchanged folder reads no file: size, times and identity of each file
 *       are compared with what they were when it was read.
 * </ul>
 *
 * <p>A tree is a folder of hard links to the {@link BlobStore}, named by the digest of its listing.
 */
final class UnitStore {

  /**
   * A launch folder in the store.
   *
   * @param tree the copy, which is the working directory of its enclaves
   * @param unit what it measures and how it is started
   */
  record StoredUnit(Path tree, LaunchUnit unit) {}

  private record Measured(Digest stamp, StoredUnit unit) {}

  private static final Set<PosixFilePermission> READ_ONLY =
      PosixFilePermissions.fromString("r-xr-xr-x");
  private static final String UNFINISHED = ".new-";

  /** File systems round times; a file younger than this could change without showing it. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final int KEPT_TREES = 16;

  private final Path trees;
  private final BlobStore blobs;
  private final FileIndex index;
  private final InstantSource clock;
  private final RandomSource random;
  private final Map<Digest, Measured> measured = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  UnitStore(Path folder, InstantSource clock, RandomSource random) throws IOException {
    PrivateFiles.folder(folder);
    this.trees = folder.resolve("units");
    this.clock = clock;
    this.random = random;
    PrivateFiles.folder(trees);
    this.blobs = new BlobStore(folder.resolve("blobs"));
    removeOldTrees();
    blobs.collect();
    this.index = FileIndex.load(folder.resolve("index"), blobs::has);
  }

  /** How many files were read and hashed since the daemon started. */
  long filesRead() {
    lock.lock();
    try {
      return blobs.copies();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a launch folder into the store, unless it is there.
   *
   * @throws org.sesemi.attestation.AttestationException when it is no proper launch folder
   */
  StoredUnit prepare(Path source) throws IOException {
    lock.lock();
    try {
      UnitListing listing = UnitListing.ofSource(source);
      SortedMap<String, String> contents = copyContents(listing);
      Digest name = listing.contents(contents);
      Path tree = trees.resolve(name.hex());
      Measured known = measured.get(name);
      if (known != null && isUntouched(tree, known.stamp())) {
        return known.unit();
      }
      if (known != null) {
        repair(tree, listing, contents);
      }
      if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
        build(tree, listing, contents);
      }
      Digest stamp = UnitListing.ofTree(tree).stamp();
      StoredUnit unit = new StoredUnit(tree, LaunchUnit.scan(tree));
      if (!isUntouched(tree, stamp)) {
        throw UnitListing.refused(tree, "changed while it was measured");
      }
      measured.put(name, new Measured(stamp, unit));
      index.save();
      return unit;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isUntouched(Path tree, Digest stamp) throws IOException {
    return Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)
        && UnitListing.ofTree(tree).stamp().equals(stamp);
  }

  /** Brings every file into the blob store, and returns the blob of each. */
  private SortedMap<String, String> copyContents(UnitListing listing) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    for (Map.Entry<String, UnitListing.Entry> each : listing.files().entrySet()) {
      UnitListing.Entry file = each.getValue();
      @Nullable String known = index.get(file);
      if (known != null && blobs.has(known)) {
        contents.put(each.getKey(), known);
        continue;
      }
      String blob = blobs.copy(file.path(), file.executable());
      Instant changed = UnitListing.changed(file.path()).toInstant();
      if (changed.isBefore(clock.instant().minus(SETTLED))) {
        index.put(file, blob);
      }
      contents.put(each.getKey(), blob);
    }
    return contents;
  }

  private void build(Path tree, UnitListing listing, Map<String, String> contents)
      throws IOException {
    Path unfinished = trees.resolve(UNFINISHED + Bytes.random(random, 8).hex());
    try {
      Files.createDirectory(unfinished);
      for (String folder : listing.folders().keySet()) {
        Files.createDirectory(unfinished.resolve(folder));
      }
      for (Map.Entry<String, String> file : contents.entrySet()) {
        Files.createLink(unfinished.resolve(file.getKey()), blobs.path(file.getValue()));
      }
      for (String folder : listing.folders().keySet()) {
        Files.setPosixFilePermissions(unfinished.resolve(folder), READ_ONLY);
      }
      Files.setPosixFilePermissions(unfinished, READ_ONLY);
      Files.move(unfinished, tree, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      PrivateFiles.deleteTree(unfinished);
    }
  }

  /** Throws a touched tree away, and with it every blob that is not what it was. */
  private void repair(Path tree, UnitListing listing, SortedMap<String, String> contents)
      throws IOException {
    PrivateFiles.deleteTree(tree);
    for (String blob : Set.copyOf(contents.values())) {
      blobs.dropIfDamaged(blob);
    }
    contents.putAll(copyContents(listing));
  }

  private void removeOldTrees() throws IOException {
    List<Path> all;
    try (Stream<Path> list = Files.list(trees)) {
      all = new ArrayList<>(list.toList());
    }
    Map<Path, Instant> built = new HashMap<>();
    for (Path tree : all) {
      built.put(tree, Files.getLastModifiedTime(tree).toInstant());
    }
    all.sort(Comparator.comparing(built::get, Comparator.nullsLast(Comparator.reverseOrder())));
    int kept = 0;
    for (Path tree : all) {
      if (tree.getFileName().toString().startsWith(UNFINISHED) || ++kept > KEPT_TREES) {
        PrivateFiles.deleteTree(tree);
      }
    }
  }
}
