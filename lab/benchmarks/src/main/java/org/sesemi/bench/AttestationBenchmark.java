package org.sesemi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/**
 * How many pieces of evidence one process verifies in a second, by platform, from the bytes of the
 * documents to the verdict. {@code first} uses a new verifier for each, which computes everything;
 * {@code again} uses one verifier, which remembers the signatures of certificates and collateral.
 * Nothing is parsed only once, in neither.
 */
final class AttestationBenchmark {

  static final String HEADING =
      String.format(
          Locale.ROOT,
          "%-12s %-24s %-11s %-6s %7s %10s %12s %12s",
          "platform",
          "case",
          "verdict",
          "path",
          "checks",
          "p50 us",
          "/s 1 thread",
          "/s all");

  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration MEASURED = Duration.ofSeconds(3);

  /** Tried in turn for cases that name no instant; an earlier or later one would be out of date. */
  private static final List<Instant> INSTANTS =
      List.of(
          Instant.parse("2026-06-01T00:00:00Z"),
          Instant.parse("2025-06-01T00:00:00Z"),
          // The one day of the revocation responses in the case of a GPU.
          Instant.parse("2025-08-21T12:00:00Z"),
          Instant.parse("2026-11-21T12:00:00Z"));

  private final Path evidence;

  AttestationBenchmark(Path data) {
    this.evidence = data.resolve("evidence");
  }

  /** One platform. */
  record Result(
      String platform,
      String name,
      String verdict,
      String path,
      int checks,
      double medianMicros,
      double perSecond,
      double perSecondAll) {

    String line() {
      return String.format(
          Locale.ROOT,
          "%-12s %-24s %-11s %-6s %7d %10.0f %12.0f %12.0f",
          platform,
          name,
          verdict,
          path,
          checks,
          medianMicros,
          perSecond,
          perSecondAll);
    }

    JsonObject json() {
      return JsonObject.builder()
          .put("platform", platform)
          .put("case", name)
          .put("verdict", verdict)
          .put("path", path)
          .put("checks", checks)
          .put("p50Micros", medianMicros)
          .put("perSecond", perSecond)
          .put("perSecondAllThreads", perSecondAll)
          .build();
    }
  }

  /** A case and how it is judged. */
  private record Subject(
      PlatformKind platform, String name, Documents documents, Anchors anchors, Instant at) {
    Judgement judge() {
      return judge(EvidenceVerifier.with(anchors));
    }

    Judgement judge(EvidenceVerifier verifier) {
      return verifier.verify(platform, documents, Expectation.at(at));
    }
  }

  List<Result> run() throws IOException {
    List<Result> results = new ArrayList<>();
    for (PlatformKind platform : EvidenceVerifier.platforms()) {
      Optional<Subject> subject = subject(platform);
      if (subject.isPresent()) {
        Subject found = subject.get();
        EvidenceVerifier verifier = EvidenceVerifier.with(found.anchors());
        results.add(measure(found, "first", found::judge));
        results.add(measure(found, "again", () -> found.judge(verifier)));
      }
    }
    return results;
  }

  private Optional<Subject> subject(PlatformKind platform) throws IOException {
    Path folder = evidence.resolve(platform.text());
    if (!Files.isRegularFile(folder.resolve("manifest.json"))) {
      return Optional.empty();
    }
    JsonObject manifest = Json.parseObject(Files.readAllBytes(folder.resolve("manifest.json")));
    List<Subject> subjects = new ArrayList<>();
    for (JsonValue each : ((JsonArray) manifest.get("cases").orElseThrow()).items()) {
      JsonObject described = (JsonObject) each;
      String name = text(described, "id").orElseThrow();
      List<Instant> instants =
          text(described, "verify_at").map(Instant::parse).map(List::of).orElse(INSTANTS);
      Documents documents = Documents.read(folder.resolve(name));
      for (Instant at : instants) {
        subjects.add(new Subject(platform, name, documents, Anchors.pinned(), at));
      }
      if (platform == PlatformKind.TPM || platform == PlatformKind.CCA) {
        // No vendor root is pinned for these: the case's own local root is used.
        if (documents.get("ek_root.pem").or(() -> documents.get("platform_key.pem")).isPresent()) {
          Anchors local = Anchors.read(folder.resolve(name));
          instants.forEach(at -> subjects.add(new Subject(platform, name, documents, local, at)));
        }
      }
    }
    return subjects.stream().filter(subject -> subject.judge().record().accepted()).findFirst();
  }

  private static Optional<String> text(JsonObject object, String name) {
    return object
        .get(name)
        .flatMap(
            value -> value instanceof JsonString(var text) ? Optional.of(text) : Optional.empty());
  }

  private static Result measure(Subject subject, String path, Supplier<Judgement> task) {
    count(task, WARM_UP);
    List<Long> nanos = timesOf(task, MEASURED);
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    double seconds = Arrays.stream(sorted).sum() / 1e9;
    Judgement judgement = subject.judge();
    return new Result(
        subject.platform().text(),
        subject.name(),
        judgement.verdict().text(),
        path,
        judgement.record().checks().size(),
        sorted[sorted.length / 2] / 1e3,
        sorted.length / seconds,
        parallel(task));
  }

  private static List<Long> timesOf(Supplier<Judgement> task, Duration duration) {
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + duration.toNanos();
    for (long now = System.nanoTime(); now < end; ) {
      Judgement _ = task.get();
      long after = System.nanoTime();
      nanos.add(after - now);
      now = after;
    }
    return nanos;
  }

  private static long count(Supplier<Judgement> task, Duration duration) {
    return timesOf(task, duration).size();
  }

  private static double parallel(Supplier<Judgement> task) {
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("verifier-", 0).factory())) {
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tasks.add(() -> count(task, MEASURED));
      }
      long total = 0;
      for (Future<Long> future : executor.invokeAll(tasks)) {
        total += future.get();
      }
      return total / (MEASURED.toMillis() / 1e3);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
