package org.sesemi.attestation.internal.attester;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Configfs with security modules of guests, as the kernel's tsm driver behaves: attributes count
 * writes in a generation, what was written to {@code inblob} takes effect when the file is closed,
 * a report is made when {@code outblob} is read and the generation moved. Other writers are let in
 * between any two operations. Thread-safe by one lock.
 */
final class TsmStandIn implements PseudoTree {

  static final String FOLDER = "/sys/kernel/config/tsm/report";

  /** What {@link #makeFails} is when the caller has not the right. */
  static final String DENIED = "Permission denied";

  /** One request's folder. */
  static final class Entry {
    long generation;
    int level;
    byte @Nullable [] in;
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    int writes;

    private void take(byte[] data) {
      in = data;
      generation++;
    }
  }

  final Map<String, Entry> entries = new HashMap<>();

  /** Every name that was ever made. */
  final List<String> made = new ArrayList<>();

  /** What happens before an operation, one per operation that names the file. */
  final Map<String, Deque<Consumer<Entry>>> before = new HashMap<>();

  /** How reading the report fails, one per time. */
  final Deque<String> failures = new ArrayDeque<>();

  String provider = "sev_guest";
  Optional<Integer> floor = Optional.of(0);
  Optional<byte[]> auxiliary = Optional.empty();
  Function<byte[], byte[]> report = TsmStandIn::plain;
  String makeFails = "";
  boolean removeFails;

  /** A report with something around the data. */
  static byte[] plain(byte[] data) {
    byte[] report = new byte[data.length + 6000];
    System.arraycopy(data, 0, report, 0x50, data.length);
    return report;
  }

  /** Lets another writer in before an operation on a file, as many times as it is called. */
  void race(String file, Consumer<Entry> other) {
    before.computeIfAbsent(file, name -> new ArrayDeque<>()).add(other);
  }

  /** Another writer's report data. */
  static void overwrite(Entry entry) {
    entry.take(new byte[] {1, 2, 3});
  }

  @Override
  public synchronized boolean isFolder(String path) {
    return path.equals(FOLDER) || entries.containsKey(path);
  }

  @Override
  public synchronized boolean isFile(String path) {
    String parent = path.substring(0, path.lastIndexOf('/'));
    return entries.containsKey(parent)
        && switch (name(path)) {
          case "inblob", "outblob", "provider", "generation" -> true;
          case "auxblob" -> auxiliary.isPresent();
          case "privlevel", "privlevel_floor" -> floor.isPresent();
          default -> false;
        };
  }

  @Override
  public synchronized byte[] read(String path) throws IOException {
    Entry entry = entry(path);
    letIn(path, entry);
    return switch (name(path)) {
      case "provider" -> text(provider);
      case "generation" -> text(Long.toString(entry.generation));
      case "privlevel_floor" -> text(Integer.toString(floor.orElseThrow()));
      case "outblob" -> {
        if (!failures.isEmpty()) {
          // The JDK gives failures of read as plain exceptions with the system's text.
          throw new IOException(failures.remove());
        }
        byte[] data = entry.in;
        if (data == null) {
          throw new IOException("Invalid argument");
        }
        yield report.apply(data);
      }
      case "auxblob" -> auxiliary.orElseThrow();
      default -> throw new AccessDeniedException(path);
    };
  }

  @Override
  public synchronized int write(String path, byte[] bytes) throws IOException {
    Entry entry = entry(path);
    switch (name(path)) {
      case "inblob" -> {
        if (bytes.length > 64) {
          throw new IOException("File too large");
        }
        entry.written.writeBytes(bytes);
        entry.writes++;
      }
      case "privlevel" -> {
        letIn(path, entry);
        entry.level = Integer.parseInt(new String(bytes, US_ASCII));
        if (entry.level < floor.orElse(0)) {
          throw new IOException("Invalid argument");
        }
        entry.generation++;
      }
      default -> throw new AccessDeniedException(path);
    }
    return bytes.length;
  }

  @Override
  public synchronized void closed(String path) throws IOException {
    Entry entry = entry(path);
    if (name(path).equals("inblob")) {
      letIn(path, entry);
      entry.take(entry.written.toByteArray());
      entry.written.reset();
    }
  }

  @Override
  public synchronized void makeFolder(String path) throws IOException {
    if (makeFails.equals(DENIED)) {
      throw new AccessDeniedException(path);
    }
    if (!makeFails.isEmpty()) {
      throw new FileSystemException(path, null, makeFails);
    }
    made.add(path);
    if (entries.putIfAbsent(path, new Entry()) != null) {
      throw new FileAlreadyExistsException(path);
    }
  }

  @Override
  public synchronized void removeFolder(String path) throws IOException {
    if (removeFails) {
      throw new FileSystemException(path, null, "Device or resource busy");
    }
    if (entries.remove(path) == null) {
      throw new NoSuchFileException(path);
    }
  }

  private Entry entry(String path) throws IOException {
    Entry entry = entries.get(path.substring(0, path.lastIndexOf('/')));
    if (entry == null) {
      throw new NoSuchFileException(path);
    }
    return entry;
  }

  private void letIn(String path, Entry entry) {
    Deque<Consumer<Entry>> others = before.get(name(path));
    if (others != null && !others.isEmpty()) {
      others.remove().accept(entry);
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static byte[] text(String line) {
    return (line + "\n").getBytes(US_ASCII);
  }
}
