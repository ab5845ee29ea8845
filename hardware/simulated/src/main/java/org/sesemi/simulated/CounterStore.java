package org.sesemi.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.WireException;

/**
 * The monotonic counters of all measurements, one file per measurement.
 *
 * <p>Guarantees: a value that was returned is on disk; no counter goes back; of two callers that
 * advance from the same value, one is refused; a damaged file is an error and never a zero.
 */
final class CounterStore {

  private static final int MAX_COUNTERS = 256;
  private static final int MAX_NAME = 128;

  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();

  CounterStore(Path folder) {
    this.folder = folder;
  }

  long read(Digest measurement, String name) throws IOException {
    lock.lock();
    try {
      return load(measurement).getOrDefault(name, 0L);
    } finally {
      lock.unlock();
    }
  }

  long advance(Digest measurement, String name, long from) throws IOException {
    lock.lock();
    try {
      SortedMap<String, Long> counters = load(measurement);
      long value = counters.getOrDefault(name, 0L);
      if (value != from) {
        throw new PlatformException(
            PlatformException.Code.COUNTER_MOVED,
            "counter " + name + " is at " + value + ", not at " + from);
      }
      counters.put(name, Math.addExact(value, 1));
      if (counters.size() > MAX_COUNTERS) {
        throw new PlatformException(
            PlatformException.Code.FULL, "a measurement has at most " + MAX_COUNTERS + " counters");
      }
      PrivateFiles.replace(file(measurement), encode(counters));
      return value + 1;
    } finally {
      lock.unlock();
    }
  }

  private Path file(Digest measurement) {
    return folder.resolve(measurement.hex());
  }

  private SortedMap<String, Long> load(Digest measurement) throws IOException {
    SortedMap<String, Long> counters = new TreeMap<>();
    Path file = file(measurement);
    if (!Files.exists(file)) {
      return counters;
    }
    try {
      CborReader reader = CborReader.versioned(Files.readAllBytes(file));
      List<String> names = reader.texts(1, MAX_COUNTERS, MAX_NAME);
      long[] values = reader.integers(2, MAX_COUNTERS, 0, Long.MAX_VALUE);
      reader.finish();
      for (int i = 0; i < names.size(); i++) {
        counters.put(names.get(i), values[i]);
      }
      if (values.length != names.size() || counters.size() != names.size()) {
        throw new WireException(WireException.Code.CBOR_UNEXPECTED, "names and values differ");
      }
      return counters;
    } catch (WireException | ArrayIndexOutOfBoundsException e) {
      throw new PlatformException(
          PlatformException.Code.HOME_UNUSABLE, "the counters in " + file + " are damaged", e);
    }
  }

  private static byte[] encode(SortedMap<String, Long> counters) {
    return CborMap.versioned()
        .putTexts(1, List.copyOf(counters.keySet()))
        .putIntegers(2, counters.values().stream().mapToLong(Long::longValue).toArray())
        .build()
        .encode();
  }
}
