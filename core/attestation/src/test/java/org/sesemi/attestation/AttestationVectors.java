package org.sesemi.attestation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.sesemi.attestation.VectorFile.Case;
import org.sesemi.attestation.VectorFile.Refused;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Cbor;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborValue;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;

/** Vectors of simulated evidence, of policies and of measurements. */
final class AttestationVectors {

  private static final String MALFORMED = "attestation.malformed";
  private static final String VERSION = "attestation.version-unknown";

  private AttestationVectors() {}

  static List<VectorFile> all() {
    return List.of(evidence(), policy(), measurement(), configuration());
  }

  private static JsonObject none() {
    return JsonObject.builder().build();
  }

  private static Bytes with(Bytes message, int value) {
    byte[] changed = message.toArray();
    changed[2] = (byte) value;
    return Bytes.of(changed);
  }

  private static VectorFile evidence() {
    Evidence evidence = Fixtures.launch().attest(Fixtures.REPORT_DATA);
    Bytes encoded = Bytes.of(evidence.encode());
    SimulatedQuote quote = SimulatedQuote.decode(evidence.bytes());
    JsonObject given =
        JsonObject.builder()
            .put("root", Fixtures.ROOT.publicKey().toString())
            .put("expectedReportData", Bytes.of(Fixtures.REPORT_DATA).hex())
            .put("at", Fixtures.NOW.toEpochMilli())
            .build();
    JsonObject derived =
        JsonObject.builder()
            .put("rootSeed", Fixtures.digest("root").hex())
            .put("launchSeed", Fixtures.digest("launch").hex())
            .put("report", Bytes.of(quote.report().unverifiedPayload()).hex())
            .put("signedReport", Bytes.of(quote.report().encode()).hex())
            .put("certificate", Bytes.of(quote.certificate().unverifiedPayload()).hex())
            .put("signedCertificate", Bytes.of(quote.certificate().encode()).hex())
            .put("quote", evidence.bytes().hex())
            .build();
    Signed certificate = quote.certificate();
    Bytes report = Bytes.of(Fixtures.report().encode());
    return new VectorFile(
        "simulated-evidence",
        "simulated-evidence",
        List.of(
            new Case(
                "a launch that is valid for two hours",
                given,
                describe(JsonFields.of(given), encoded.toArray()),
                derived,
                encoded)),
        List.of(
            new Refused("evidence of format version 2", with(encoded, 2), VERSION),
            new Refused(
                "a quote of format version 2",
                Bytes.of(new Evidence(PlatformKind.SIMULATED, with(evidence.bytes(), 2)).encode()),
                VERSION),
            new Refused(
                "a report of format version 2",
                quote(
                    Signed.sign(
                        Signed.Label.SIMULATED_REPORT,
                        with(report, 2).toArray(),
                        Fixtures.LAUNCH_KEY),
                    certificate),
                VERSION),
            new Refused(
                "a report signed by another key",
                quote(
                    Signed.sign(
                        Signed.Label.SIMULATED_REPORT, report.toArray(), Fixtures.key("other")),
                    certificate),
                "attestation.signature-invalid"),
            new Refused(
                "a report about a debugged enclave",
                Bytes.of(
                    Fixtures.launch()
                        .quote(
                            new SimulatedReport(
                                Fixtures.MEASUREMENT,
                                Fixtures.CONFIG,
                                Bytes.of(Fixtures.REPORT_DATA),
                                Fixtures.LAUNCH_ID,
                                1,
                                true))
                        .encode()),
                "attestation.debug-enabled"),
            new Refused(
                "report data of another connection",
                Bytes.of(Fixtures.launch().attest(Fixtures.reportData("other")).encode()),
                "attestation.report-data-mismatch")),
        AttestationVectors::describe);
  }

  private static Bytes quote(Signed report, Signed certificate) {
    return Bytes.of(new SimulatedQuote(report, certificate).toEvidence().encode());
  }

  private static JsonObject describe(JsonFields given, byte[] encoded) {
    Claims claims =
        new SimulatedVerifier(Set.of(VectorFile.hex(given, "root")))
            .verify(
                Evidence.decode(encoded),
                VectorFile.hex(given, "expectedReportData").toArray(),
                Instant.ofEpochMilli(given.integer("at", 0, Long.MAX_VALUE)))
            .require();
    return JsonObject.builder().put("claims", claims.toString()).build();
  }

  private static VectorFile policy() {
    SimulatedPolicy one = Fixtures.policy();
    SimulatedPolicy two =
        new SimulatedPolicy(
            Set.of(Fixtures.ROOT.publicKey().value(), Fixtures.key("second").publicKey().value()),
            Set.of(
                new SimulatedPolicy.Allowed(Fixtures.MEASUREMENT, Fixtures.CONFIG),
                new SimulatedPolicy.Allowed(Fixtures.MEASUREMENT, Fixtures.digest("other")),
                new SimulatedPolicy.Allowed(Fixtures.digest("third"), Fixtures.CONFIG)));
    Bytes encoded = Bytes.of(one.encode());
    Bytes empty =
        Bytes.of(
            CborMap.versioned()
                .put(1, "simulated")
                .putByteStrings(2, List.of())
                .putMaps(3, List.of())
                .build()
                .encode());
    Bytes real =
        Bytes.of(
            CborMap.versioned()
                .put(1, "sev-snp")
                .putByteStrings(2, List.of())
                .putMaps(3, List.of())
                .build()
                .encode());
    return new VectorFile(
        "runtime-policy",
        "runtime-policies",
        List.of(policyCase("one enclave", one), policyCase("several, sorted", two)),
        List.of(
            new Refused("format version 0", with(encoded, 0), VERSION),
            new Refused("format version 2", with(encoded, 2), VERSION),
            new Refused("a policy that names nothing", empty, "attestation.policy-empty"),
            new Refused("an unknown platform", real, "attestation.platform-unknown"),
            new Refused("cut", Bytes.of(new byte[] {(byte) 0xa4, 0, 1}), MALFORMED)),
        (_, bytes) -> describe(RuntimePolicy.decode(bytes)));
  }

  private static Case policyCase(String name, SimulatedPolicy policy) {
    return new Case(
        name,
        none(),
        describe(policy),
        JsonObject.builder().put("digest", policy.digest().hex()).build(),
        Bytes.of(policy.encode()));
  }

  private static JsonObject describe(RuntimePolicy policy) {
    return switch (policy) {
      case SimulatedPolicy(var roots, var allowed) ->
          JsonObject.builder()
              .put("platform", policy.platform().text())
              .put("roots", JsonArray.ofTexts(roots.stream().map(Bytes::hex).toList()))
              .put(
                  "allowed",
                  allowed.stream()
                      .map(
                          entry ->
                              JsonObject.builder()
                                  .put("measurement", entry.measurement().hex())
                                  .put("configDigest", entry.configDigest().hex())
                                  .build())
                      .toList())
              .build();
      case HardwarePolicy hardware ->
          throw new IllegalArgumentException("no vector has this form: " + hardware);
    };
  }

  /** Here the encoded bytes are the measurement. */
  private static VectorFile measurement() {
    String json =
        "{\"main-module\":\"org.sesemi.runtime/org.sesemi.runtime.Main\","
            + "\"jvm-options\":[\"-Xmx256m\",\"-XX:+UseSerialGC\"],"
            + "\"environment\":{\"LANG\":\"C.UTF-8\"}}";
    JsonObject given =
        JsonObject.builder()
            .put("launchJson", json)
            .put("executable", JsonArray.ofTexts(List.of("jdk/bin/java")))
            .put(
                "files",
                JsonArray.ofTexts(
                    List.of("jdk/lib/modules", "lib/a.jar", "lib/b.jar", "natives/libengine.so")))
            .build();
    LaunchUnit unit = unit(JsonFields.of(given));
    byte[] hashed =
        CborMap.versioned()
            .putMaps(1, unit.manifest().components().stream().map(LaunchComponent::toCbor).toList())
            .build()
            .encode();
    return new VectorFile(
        "launch-measurement",
        "launch-manifest-and-measurement",
        List.of(
            new Case(
                "a runtime with two jars and a native library, each file holding its own path",
                given,
                describe(unit),
                JsonObject.builder()
                    .put("hashedBehindTheLabel", Bytes.of(hashed).hex())
                    .put("commandHashed", command(unit).hex())
                    .build(),
                unit.measurement().value())),
        List.of(),
        (known, bytes) -> {
          LaunchUnit found = unit(known);
          if (!found.measurement().value().equals(Bytes.of(bytes))) {
            throw new AssertionError("another measurement: " + found.measurement());
          }
          return describe(found);
        });
  }

  /** Lays out a launch folder whose files hold their own paths, and scans it. */
  private static LaunchUnit unit(JsonFields given) {
    Path folder = Path.of("target", "vector-launch-folder");
    try {
      for (String name : given.texts("executable")) {
        lay(folder.resolve(name), name, "rwx------");
      }
      for (String name : given.texts("files")) {
        lay(folder.resolve(name), name, "rw-------");
      }
      lay(folder.resolve(LaunchDescription.FILE), given.text("launchJson"), "rw-------");
      return LaunchUnit.scan(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void lay(Path file, String content, String mode) throws IOException {
    Path parent = requireNonNull(file.getParent());
    Files.createDirectories(parent);
    for (Path at = parent; at.getNameCount() > 1; at = requireNonNull(at.getParent())) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwx------"));
    }
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static Bytes command(LaunchUnit unit) {
    return Bytes.of(
        Cbor.encode(
            new CborValue.Array(
                List.copyOf(unit.command().stream().map(CborValue.Text::new).toList()))));
  }

  private static JsonObject describe(LaunchUnit unit) {
    return JsonObject.builder()
        .put("command", JsonArray.ofTexts(unit.command()))
        .put(
            "components",
            unit.manifest().components().stream()
                .map(
                    component ->
                        JsonObject.builder()
                            .put("kind", component.kind().text())
                            .put("name", component.name())
                            .put("digest", component.digest().hex())
                            .put("size", component.size())
                            .build())
                .toList())
        .build();
  }

  /** Here the encoded bytes are the digest of the configuration. */
  private static VectorFile configuration() {
    String json = "{\"apiVersion\":\"sesemi/v1\",\"platform\":\"simulated\"}";
    Digest digest = LaunchManifest.configDigest(json.getBytes(UTF_8));
    JsonObject given = JsonObject.builder().put("config", json).build();
    return new VectorFile(
        "config-digest",
        "launch-manifest-and-measurement",
        List.of(
            new Case(
                "of a key service",
                given,
                JsonObject.builder().put("digest", digest.hex()).build(),
                none(),
                digest.value())),
        List.of(),
        (known, _) ->
            JsonObject.builder()
                .put(
                    "digest",
                    LaunchManifest.configDigest(known.text("config").getBytes(UTF_8)).hex())
                .build());
  }
}
