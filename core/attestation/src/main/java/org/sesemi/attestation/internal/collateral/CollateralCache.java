package org.sesemi.attestation.internal.collateral;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.CollateralRequest;
import org.sesemi.attestation.CollateralSource;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.WireException;

/**
 * Keeps collateral on disk and never goes back.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>What is given out leads to the anchors, is about what was asked for, and is inside its
 *       dates.
 *   <li>The newest position of every kind of document is remembered in a file of its own, which is
 *       on disk before the document is given out and stays when the document is deleted. Only
 *       authentic documents move it. When that file is damaged, nothing is given out.
 *   <li>Threads that want the same item wait for one request; processes take turns.
 *   <li>A kept item that is damaged, not authentic or a step back is put aside and had again. One
 *       that is a day old is asked for again, and used on when the source gives nothing authentic.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class CollateralCache implements CollateralSource {

  private static final Logger LOG = System.getLogger(CollateralCache.class.getName());
  private static final Duration REFRESH = Duration.ofHours(24);
  private static final String ENTRY = ".item";
  private static final String FLOOR = ".floor";

  private final CacheFolder folder;
  private final ItemSource source;
  private final Authenticator authenticator;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, FutureTask<Map<String, Bytes>>> flights =
      new ConcurrentHashMap<>();

  /** Makes a cache in a folder, which is made when it is needed. */
  public CollateralCache(Path folder, ItemSource source, Anchors anchors, InstantSource clock) {
    this.folder = new CacheFolder(folder);
    this.source = source;
    this.authenticator = new Authenticator(anchors, new IntelJson());
    this.clock = clock;
  }

  @Override
  public Documents documents(CollateralRequest request) {
    return collect(request, false)
        .or(() -> collect(request, true))
        .orElseThrow(() -> Unavailable.because("the documents are signed by two different keys"));
  }

  /** {@return the documents, or nothing when those of two items do not go together} */
  private Optional<Documents> collect(CollateralRequest request, boolean anew) {
    Map<String, Bytes> collected = new TreeMap<>();
    for (Item item : Item.of(request)) {
      for (Map.Entry<String, Bytes> document : obtain(item, collected, anew).entrySet()) {
        Bytes earlier = collected.putIfAbsent(document.getKey(), document.getValue());
        if (earlier != null && !sameSigner(earlier, document.getValue())) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Documents(collected));
  }

  /** Vendors renew certificates with the same key, and then either chain serves both documents. */
  private static boolean sameSigner(Bytes one, Bytes other) {
    return one.equals(other) || signer(one).equals(signer(other));
  }

  private static Bytes signer(Bytes chain) {
    X509Certificate leaf =
        X509.readPem(chain.toArray(), Item.SIGNING_CHAIN).stream()
            .filter(certificate -> !X509.isSelfSigned(certificate))
            .findFirst()
            .orElseThrow();
    return Bytes.of(leaf.getPublicKey().getEncoded());
  }

  private Map<String, Bytes> obtain(Item item, Map<String, Bytes> context, boolean anew) {
    Map<String, Bytes> before = Map.copyOf(context);
    FutureTask<Map<String, Bytes>> mine = new FutureTask<>(() -> load(item, before, anew));
    FutureTask<Map<String, Bytes>> flight = flights.putIfAbsent(item.key(), mine);
    if (flight == null) {
      flight = mine;
      try {
        mine.run();
      } finally {
        flights.remove(item.key(), mine);
      }
    }
    try {
      return flight.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Unavailable.because("interrupted while waiting for " + item.key(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AttestationException failure) {
        throw new AttestationException(
            (Code) failure.errorCode(), String.valueOf(failure.getMessage()), failure);
      }
      throw new IllegalStateException("loading " + item.key() + " failed", e);
    }
  }

  private Map<String, Bytes> load(Item item, Map<String, Bytes> context, boolean anew) {
    try {
      return folder.locked(item.key(), () -> loadLocked(item, context, anew));
    } catch (IOException e) {
      throw Unavailable.because("the cache of collateral cannot be used: " + e.getMessage(), e);
    }
  }

  private Map<String, Bytes> loadLocked(Item item, Map<String, Bytes> context, boolean anew)
      throws IOException {
    Instant now = clock.instant();
    Kept kept = kept(item, context, now);
    if (kept != null && !anew && !kept.isDue(now)) {
      return kept.documents();
    }
    try {
      return fetch(item, context);
    } catch (AttestationException e) {
      if (kept == null || anew || e.errorCode() == Code.COLLATERAL_ROLLBACK) {
        throw e;
      }
      LOG.log(Level.WARNING, "{0} is not renewed: {1}", item.key(), e.getMessage());
      return kept.documents();
    }
  }

  /** What is kept and still good, and whether a later one may exist. */
  private record Kept(Entry entry, boolean isOneOfSequence) {

    Map<String, Bytes> documents() {
      return entry.documents();
    }

    boolean isDue(Instant now) {
      Duration age = Duration.between(entry.fetched(), now);
      return isOneOfSequence && (age.isNegative() || age.compareTo(REFRESH) >= 0);
    }
  }

  private Map<String, Bytes> fetch(Item item, Map<String, Bytes> context) throws IOException {
    Optional<Floor> floor = floor(item);
    Map<String, Bytes> documents = source.fetch(item);
    Stamp stamp;
    try {
      stamp = authenticator.authenticate(item, documents, context);
    } catch (Unreadable e) {
      throw new AttestationException(
          Code.COLLATERAL_INVALID, "what was fetched as " + item.key() + ": " + e.getMessage(), e);
    }
    if (stamp.position().isPresent()) {
      Floor position = stamp.position().get();
      if (floor.isPresent() && floor.get().isAbove(position)) {
        throw new AttestationException(
            Code.COLLATERAL_ROLLBACK,
            item.key() + " came with " + position + ", seen before was " + floor.get());
      }
      raise(item, floor, position);
    }
    Instant now = clock.instant();
    if (!stamp.covers(now)) {
      throw Unavailable.because(
          item.key() + " came valid from " + stamp.from() + " to " + stamp.until() + " only");
    }
    folder.write(item.key() + ENTRY, new Entry(now, documents).encode());
    return documents;
  }

  private @Nullable Kept kept(Item item, Map<String, Bytes> context, Instant now)
      throws IOException {
    Optional<Floor> floor = floor(item);
    String name = item.key() + ENTRY;
    try {
      Optional<byte[]> content = folder.read(name);
      if (content.isEmpty()) {
        return null;
      }
      Entry entry = Entry.decode(content.get());
      Stamp stamp = authenticator.authenticate(item, entry.documents(), context);
      Optional<Floor> position = stamp.position();
      if (position.isPresent()) {
        if (floor.isPresent() && floor.get().isAbove(position.get())) {
          throw new Unreadable("it is older than what was seen before");
        }
        raise(item, floor, position.get());
      }
      return stamp.covers(now) ? new Kept(entry, position.isPresent()) : null;
    } catch (CacheFolder.DamagedException | WireException | Unreadable e) {
      LOG.log(Level.WARNING, "{0} is put aside: {1}", name, e.getMessage());
      folder.quarantine(name);
      return null;
    }
  }

  private void raise(Item item, Optional<Floor> floor, Floor position) throws IOException {
    Floor raised = floor.map(position::max).orElse(position);
    if (!floor.equals(Optional.of(raised))) {
      folder.write(item.key() + FLOOR, raised.encode());
    }
  }

  private Optional<Floor> floor(Item item) throws IOException {
    String name = item.key() + FLOOR;
    try {
      return folder.read(name).map(Floor::decode);
    } catch (CacheFolder.DamagedException | WireException e) {
      throw Unavailable.because(
          "the memory "
              + name
              + " of what is newest is damaged; restore it, or delete it to begin anew",
          e);
    }
  }
}
