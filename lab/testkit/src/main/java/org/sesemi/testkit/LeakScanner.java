package org.sesemi.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * A search for secrets in everything that an untrusted machine gets to see.
 *
 * <p>Guarantees: a secret that appears on a scanned surface with at least 31 bytes (for small
 * secrets; see below) in a row is found, raw or in one of the encodings of {@link SecretEncodings},
 * and inside gzip members too. Fragments with fewer than six distinct byte values are not looked
 * for, because zero runs are everywhere. Nothing is claimed about encodings that are not listed.
 *
 * <p>Algorithm: each encoded secret is cut into aligned needles of {@value #WINDOW} bytes; a
 * surface is read once with a rolling polynomial hash (Karp and Rabin, 1987) over every offset,
 * looked up in an open-addressing table and confirmed byte by byte. Of a secret with more than
 * {@value #MOST_NEEDLES} needles an evenly spread sample is taken, so a fragment of a big model is
 * found when it spans {@code size / 20,000} needles.
 *
 * <p>Not thread-safe while it is being filled; afterwards any number of threads may scan.
 */
public final class LeakScanner {

  /** The length of a needle in bytes of the surface. */
  static final int WINDOW = 16;

  private static final int MOST_NEEDLES = 20_000;
  private static final int LEAST_DISTINCT = 6;
  private static final int MOST_LEAKS = 50;
  private static final int MOST_INFLATED = 16 << 20;

  private final NeedleTable needles = new NeedleTable();

  /** Makes a scanner that looks for nothing yet. */
  public LeakScanner() {}

  /**
   * A secret seen where it must not be.
   *
   * @param surface the file, socket, process or log
   * @param secret the name of the secret
   * @param encoding the form in which it appeared
   * @param offset the position on the surface, in bytes
   */
  public record Leak(String surface, String secret, String encoding, long offset) {}

  /**
   * Adds a secret in all encodings.
   *
   * @param name how reports call it; never the value
   * @param secret at least {@value #WINDOW} bytes
   * @return this scanner
   */
  public LeakScanner secret(String name, byte[] secret) {
    Objects.requireNonNull(name, "name");
    if (secret.length < WINDOW) {
      throw new IllegalArgumentException(name + " is too short to be searched for");
    }
    for (SecretEncodings.Encoded encoded : SecretEncodings.of(secret)) {
      add(name, encoded);
    }
    return this;
  }

  /**
   * Adds the numbers of a tensor: little-endian, big-endian and as JSON text.
   *
   * @param name how reports call it
   * @param values the numbers, at least four
   * @return this scanner
   */
  public LeakScanner secretFloats(String name, float[] values) {
    for (SecretEncodings.Encoded form : SecretEncodings.forms(values)) {
      if (form.bytes().length >= WINDOW) {
        secret(name + " as " + form.encoding(), form.bytes());
      }
    }
    return this;
  }

  /**
   * Forgets every needle that occurs in public material, such as the operator names that a model
   * shares with the engine's library.
   *
   * @param root a public file or folder
   * @param include which files count
   * @return this scanner
   */
  public LeakScanner exceptPublic(Path root, Predicate<Path> include) {
    walk(
        root,
        include,
        (_, stream) -> {
          Set<Integer> found = new LinkedHashSet<>();
          needles.search(stream, (needle, _) -> found.add(needle));
          found.forEach(needles::remove);
        });
    return this;
  }

  /**
   * Tells how many needles are looked for.
   *
   * @return zero when there is nothing to find, which a test should refuse
   */
  public int size() {
    return needles.size();
  }

  /**
   * Searches bytes.
   *
   * @param surface the name for the report
   * @param content what was seen there
   * @return at most {@value #MOST_LEAKS} leaks
   */
  public List<Leak> scan(String surface, byte[] content) {
    List<Leak> leaks = new ArrayList<>();
    scan(surface, new ByteArrayInputStream(content), leaks);
    for (int at = 0; at + 18 < content.length; at++) {
      if (content[at] == 0x1F && content[at + 1] == (byte) 0x8B && content[at + 2] == 8) {
        scan(surface + " (gzip at " + at + ")", inflate(content, at), leaks);
      }
    }
    return leaks;
  }

  /**
   * Searches the files of a folder: their names and their contents.
   *
   * @param root a folder or a file
   * @param include which files count
   * @return at most {@value #MOST_LEAKS} leaks
   */
  public List<Leak> scan(Path root, Predicate<Path> include) {
    List<Leak> leaks = new ArrayList<>();
    walk(
        root,
        include,
        (file, stream) -> {
          scan("file " + root.relativize(file), stream, leaks);
          scan(
              "file name " + root.relativize(file),
              new ByteArrayInputStream(SecretEncodings.utf8(file.toString())),
              leaks);
        });
    return leaks;
  }

  private void scan(String surface, InputStream content, List<Leak> leaks) {
    needles.search(
        content,
        (needle, offset) -> {
          if (leaks.size() < MOST_LEAKS) {
            NeedleTable.Needle found = needles.needle(needle);
            leaks.add(new Leak(surface, found.secret(), found.encoding(), offset));
          }
        });
  }

  private void add(String name, SecretEncodings.Encoded encoded) {
    byte[] bytes = encoded.bytes();
    int count = bytes.length / WINDOW;
    int step = Math.max(1, count / MOST_NEEDLES);
    for (int index = 0; index < count; index += step) {
      int from = index * WINDOW;
      if (distinct(bytes, from) >= LEAST_DISTINCT) {
        needles.add(bytes, from, name, encoded.encoding());
      }
    }
  }

  private static int distinct(byte[] bytes, int from) {
    boolean[] seen = new boolean[256];
    int count = 0;
    for (int at = from; at < from + WINDOW; at++) {
      int value = bytes[at] & 0xFF;
      if (!seen[value]) {
        seen[value] = true;
        count++;
      }
    }
    return count;
  }

  private static InputStream inflate(byte[] content, int at) {
    try (GZIPInputStream member =
        new GZIPInputStream(new ByteArrayInputStream(content, at, content.length - at))) {
      return new ByteArrayInputStream(member.readNBytes(MOST_INFLATED));
    } catch (IOException notGzip) {
      return InputStream.nullInputStream();
    }
  }

  private interface Visitor {
    void visit(Path file, InputStream content);
  }

  private static void walk(Path root, Predicate<Path> include, Visitor visitor) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile() && include.test(file)) {
                try (InputStream content = Files.newInputStream(file)) {
                  visitor.visit(file, content);
                }
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (Files.exists(file)) {
                throw failure;
              }
              return FileVisitResult.CONTINUE; // removed while the walk was on its way
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot scan " + root, failure);
    }
  }
}
