package org.sesemi.attestation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.WireException;

/**
 * Evidence and the documents that go with it, by file name: the quote or report, certificates,
 * signed collateral. Nothing in it is believed because it is there.
 *
 * @param files the documents
 */
public record Documents(Map<String, Bytes> files) {

  /** The most bytes of one document: 4 MiB. */
  public static final int MAX_LENGTH = 4 << 20;

  /** The most documents. */
  public static final int MAX_FILES = 64;

  private static final int MAX_NAME = 64;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Sorts, copies and checks the documents. */
  public Documents {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    if (files.size() > MAX_FILES) {
      throw malformed("there are more than " + MAX_FILES + " documents");
    }
    files.forEach(
        (name, content) -> {
          if (!NAME.matcher(name).matches()) {
            throw malformed("a document has a name of letters, digits, dot, hyphen, underscore");
          }
          if (content.length() > MAX_LENGTH) {
            throw malformed("the document " + name + " has more than " + MAX_LENGTH + " bytes");
          }
        });
  }

  /**
   * Reads the files of a folder. Hidden files, folders and {@code README*} are left out.
   *
   * @param folder the folder
   * @return its files
   * @throws AttestationException with {@code attestation.case-folder} when it cannot be read, or
   *     {@code attestation.malformed} when something in it is too large
   */
  public static Documents read(Path folder) {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .filter(path -> !name(path).startsWith(".") && !name(path).startsWith("README"))
          .limit(MAX_FILES + 1L)
          .forEach(paths::add);
      Map<String, Bytes> files = new TreeMap<>();
      for (Path path : paths) {
        if (Files.size(path) > MAX_LENGTH) {
          throw malformed("the document " + name(path) + " has more than " + MAX_LENGTH + " bytes");
        }
        files.put(name(path), Bytes.of(Files.readAllBytes(path)));
      }
      return new Documents(files);
    } catch (IOException e) {
      throw new AttestationException(
          AttestationException.Code.CASE_FOLDER, "the folder " + folder + " cannot be read", e);
    }
  }

  /**
   * {@return the document with a name, if there is one}
   *
   * @param name the name
   */
  public Optional<Bytes> get(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** {@return the names} */
  public Set<String> names() {
    return files.keySet();
  }

  /**
   * {@return these documents with one added or replaced}
   *
   * @param name its name
   * @param content its bytes
   */
  public Documents with(String name, Bytes content) {
    Map<String, Bytes> changed = new TreeMap<>(files);
    changed.put(name, content);
    return new Documents(changed);
  }

  /**
   * {@return these documents without one}
   *
   * @param name its name
   */
  public Documents without(String name) {
    Map<String, Bytes> changed = new TreeMap<>(files);
    changed.remove(name);
    return new Documents(changed);
  }

  /** {@return the encoding: CBOR, the documents sorted by name} */
  public byte[] encode() {
    List<CborMap> entries = new ArrayList<>();
    files.forEach(
        (name, content) -> entries.add(CborMap.builder().put(1, name).put(2, content).build()));
    return CborMap.versioned().putMaps(1, entries).build().encode();
  }

  /**
   * Reads the encoding.
   *
   * @param encoded the encoding
   * @return the documents
   * @throws AttestationException with {@code attestation.malformed} or {@code
   *     attestation.version-unknown} when it is not exactly what {@link #encode()} writes
   */
  public static Documents decode(byte[] encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      Map<String, Bytes> files = new TreeMap<>();
      String before = "";
      for (CborReader entry : reader.maps(1, MAX_FILES)) {
        String name = entry.text(1, MAX_NAME);
        if (name.compareTo(before) <= 0) {
          throw malformed("the documents are not sorted or there twice");
        }
        files.put(name, Bytes.of(entry.slice(2, 0, MAX_LENGTH)));
        entry.finish();
        before = name;
      }
      reader.finish();
      return new Documents(files);
    } catch (WireException e) {
      throw AttestationException.unreadable("documents", e);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static AttestationException malformed(String message) {
    return new AttestationException(AttestationException.Code.MALFORMED, message);
  }
}
