package org.sesemi.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.WireException;

/**
 * Which blob a source file was copied to, by the path and stamp that it had. Losing it costs one
 * reading of the sources; so does a damaged one, which is thrown away.
 */
final class FileIndex {

  private static final int MAX_FILES = 50_000;
  private static final int MAX_KEY = 8192;
  private static final Pattern BLOB = Pattern.compile("[0-9a-f]{64}x?");

  private final Path file;
  private final SortedMap<String, String> blobs;
  private boolean changed;

  private FileIndex(Path file, SortedMap<String, String> blobs) {
    this.file = file;
    this.blobs = blobs;
  }

  static FileIndex load(Path file, Predicate<String> hasBlob) throws IOException {
    SortedMap<String, String> blobs = new TreeMap<>();
    if (Files.exists(file)) {
      try {
        CborReader reader = CborReader.versioned(Files.readAllBytes(file));
        List<String> keys = reader.texts(1, MAX_FILES, MAX_KEY);
        List<String> names = reader.texts(2, MAX_FILES, 65);
        reader.finish();
        for (int i = 0; i < Math.min(keys.size(), names.size()); i++) {
          if (BLOB.matcher(names.get(i)).matches() && hasBlob.test(names.get(i))) {
            blobs.put(keys.get(i), names.get(i));
          }
        }
      } catch (WireException e) {
        blobs.clear();
      }
    }
    return new FileIndex(file, blobs);
  }

  @Nullable String get(UnitListing.Entry source) {
    return blobs.get(key(source));
  }

  void put(UnitListing.Entry source, String blob) {
    String path = source.path() + "\n";
    blobs.subMap(path, path + Character.MAX_VALUE).clear();
    if (blobs.size() >= MAX_FILES) {
      blobs.clear();
    }
    blobs.put(key(source), blob);
    changed = true;
  }

  void save() throws IOException {
    if (changed) {
      PrivateFiles.replace(
          file,
          CborMap.versioned()
              .putTexts(1, List.copyOf(blobs.keySet()))
              .putTexts(2, List.copyOf(blobs.values()))
              .build()
              .encode());
      changed = false;
    }
  }

  private static String key(UnitListing.Entry source) {
    return source.path() + "\n" + source.exactStamp();
  }
}
