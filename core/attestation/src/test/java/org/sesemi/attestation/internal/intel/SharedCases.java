package org.sesemi.attestation.internal.intel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.Verdict;

/** The shared cases of Intel hardware, when their folder is there. */
final class SharedCases {

  /** The verdict that the rules without a policy give to each case. */
  private static final Map<String, Verdict> VERDICTS =
      Map.ofEntries(
          Map.entry("v4-uptodate", Verdict.ACCEPT),
          Map.entry("v5-uptodate", Verdict.ACCEPT),
          Map.entry("v4-outofdate", Verdict.ACCEPT),
          Map.entry("v5-relaunch", Verdict.ACCEPT),
          Map.entry("v4-debug", Verdict.ACCEPT),
          Map.entry("v4-gcp-cos-ccel", Verdict.ACCEPT),
          Map.entry("v5-no-matching-level", Verdict.REJECT),
          Map.entry("v4-tdx10-no-level", Verdict.REJECT),
          Map.entry("v3-config-and-hardening", Verdict.ACCEPT),
          Map.entry("v3-hardening", Verdict.ACCEPT),
          Map.entry("v3-occlum-debug", Verdict.ACCEPT),
          Map.entry("v3-eppid-no-chain", Verdict.INCOMPLETE),
          Map.entry("v3-oasis-no-crl", Verdict.INCOMPLETE));

  /**
   * One case.
   *
   * @param platform whose
   * @param id its name
   * @param documents its files
   * @param manifest what is known of it
   */
  record Case(PlatformKind platform, String id, Documents documents, JsonObject manifest) {

    Instant at() {
      return Instant.parse(text("verify_at").orElseThrow());
    }

    Verdict verdict() {
      return Optional.ofNullable(VERDICTS.get(id)).orElseThrow();
    }

    /** The first and the last instant at which every input is valid. */
    Optional<List<Instant>> window() {
      return object("validity_window")
          .map(
              window ->
                  List.of(
                      Instant.parse(SharedCases.text(window, "from").orElseThrow()),
                      Instant.parse(SharedCases.text(window, "to").orElseThrow())));
    }

    Optional<String> status() {
      return object("verified_independently")
          .flatMap(known -> SharedCases.text(known, "tcb_status"))
          .filter(status -> !status.equals("NoMatchingLevel") && !status.equals("Unverifiable"));
    }

    List<String> advisories() {
      List<String> names = new ArrayList<>();
      object("verified_independently")
          .flatMap(known -> known.get("advisory_ids"))
          .ifPresent(
              ids -> ((JsonArray) ids).items().forEach(id -> names.add(((JsonString) id).value())));
      return names.stream().sorted().toList();
    }

    /** The fields of the report, by the names of claims. */
    Map<String, String> body() {
      Map<String, String> fields = new HashMap<>();
      object("body")
          .orElseThrow()
          .members()
          .forEach((name, value) -> fields.put(camelCase(name), plain(value)));
      return fields;
    }

    Optional<String> fact(String name) {
      return object("facts").flatMap(facts -> facts.get(name)).map(SharedCases::plain);
    }

    Judgement judge() {
      return judge(documents, at());
    }

    Judgement judge(Documents changed, Instant at) {
      return EvidenceVerifier.with(Anchors.pinned()).verify(platform, changed, Expectation.at(at));
    }

    private Optional<String> text(String name) {
      return SharedCases.text(manifest, name);
    }

    private Optional<JsonObject> object(String name) {
      return manifest
          .get(name)
          .flatMap(
              value -> value instanceof JsonObject object ? Optional.of(object) : Optional.empty());
    }
  }

  private SharedCases() {}

  /** Returns the cases, none without the folder. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    EvidenceData.folder()
        .ifPresent(
            folder -> {
              cases.addAll(read(folder, PlatformKind.TDX));
              cases.addAll(read(folder, PlatformKind.SGX));
            });
    return cases;
  }

  private static List<Case> read(Path folder, PlatformKind platform) {
    Path manifest = folder.resolve(platform.text()).resolve("manifest.json");
    try {
      JsonValue cases = Json.parseObject(Files.readAllBytes(manifest)).get("cases").orElseThrow();
      List<Case> read = new ArrayList<>();
      for (JsonValue item : ((JsonArray) cases).items()) {
        JsonObject known = (JsonObject) item;
        String id = text(known, "id").orElseThrow();
        Documents documents = EvidenceData.documents(platform.text() + "/" + id).orElseThrow();
        read.add(new Case(platform, id, documents, known));
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> text(JsonObject object, String name) {
    return object.get(name).map(SharedCases::plain);
  }

  private static String plain(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(String text) -> text;
      default -> value.toText();
    };
  }

  private static String camelCase(String name) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      result.append(
          name.charAt(i) == '_' ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
    }
    return result.toString();
  }
}
