package org.sesemi.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Pem;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/**
 * Every parser by name. Documents are judged in place of one document of an otherwise good piece of
 * evidence, so that a target reaches what lies behind its parser as well.
 */
final class Targets {

  private static final Map<String, Target> BY_NAME = byName();

  /**
   * SGX has the collateral of TDX; lists, chains and keys in PEM are read by the targets {@code
   * crl}, {@code pem} and {@code certificate}; the manifests and the revocation responses are of
   * one form.
   */
  private static final Pattern SAME_READER =
      Pattern.compile(
          "sgx-(?!quote\\.bin).*|.*_crl\\.der|.*_chain\\.pem|tpm-.*\\.pem|cca-.*\\.pem"
              + "|nvidia-vbios_rim\\.xml|nvidia-ocsp_gpu_l[23]\\.b64");

  private Targets() {}

  static List<Target> all() {
    return List.copyOf(BY_NAME.values());
  }

  static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /** The names without those whose documents the reader of another target reads. */
  static List<String> parsers() {
    return names().stream().filter(name -> !SAME_READER.matcher(name).matches()).toList();
  }

  static Target named(String name) {
    return Optional.ofNullable(BY_NAME.get(name))
        .orElseThrow(
            () -> new IllegalArgumentException("no target " + name + "; there are " + names()));
  }

  private static Map<String, Target> byName() {
    Map<String, Target> targets = new TreeMap<>();
    targets.put("der", input -> readable(() -> walk(Der.parse(input, "input"), 0)));
    targets.put("pem", input -> readable(() -> Pem.read(input, "input")));
    targets.put("certificate", input -> readable(() -> X509.read(input, "input")));
    targets.put("crl", input -> readable(() -> X509.readCrl(input, "input")));
    targets.put("policy", input -> coded(() -> EvidencePolicy.parse(input, "input")));
    targets.put("runtime-policy", input -> coded(() -> RuntimePolicy.decode(input)));
    targets.put("evidence", input -> coded(() -> Evidence.decode(input)));
    targets.put("documents", input -> coded(() -> Documents.decode(input)));
    for (Baseline baseline : Baseline.all()) {
      for (String document : baseline.names()) {
        targets.put(
            baseline.platform().text() + "-" + document, input -> judge(baseline, document, input));
      }
    }
    return targets;
  }

  /** The seeds of a target: good inputs to begin from. */
  static List<Bytes> seeds(String target) {
    List<Bytes> seeds = new ArrayList<>();
    for (Baseline baseline : Baseline.all()) {
      baseline
          .files()
          .forEach(
              (name, content) -> {
                if (target.equals(baseline.platform().text() + "-" + name)
                    || (target.equals("certificate") && name.endsWith("ek.der"))
                    || (target.equals("crl") && name.endsWith("crl.der"))
                    || (target.equals("pem") && name.endsWith(".pem"))
                    || (target.equals("der") && name.endsWith(".der"))) {
                  seeds.add(content);
                }
              });
      if (target.equals("documents")) {
        seeds.add(Bytes.of(baseline.documents().encode()));
      }
    }
    return seeds;
  }

  private static void judge(Baseline baseline, String document, byte[] input) {
    if (input.length > Documents.MAX_LENGTH) {
      return;
    }
    Bytes content = Bytes.of(input);
    if (baseline.verdict(document, content) == Verdict.ACCEPT
        && baseline.mustDiffer(document, content)) {
      throw new IllegalStateException("accepted a changed " + document);
    }
  }

  private static void walk(Der element, int depth) {
    if ((element.tag() & 0x20) != 0 && depth < 32) {
      element.elements("input").forEach(inner -> walk(inner, depth + 1));
    }
  }

  /** A step that refuses with {@link Unreadable} or {@link AttestationException} only. */
  private interface Step {
    void run();
  }

  private static void readable(Step step) {
    try {
      step.run();
    } catch (Unreadable refused) {
      // What a parser is for.
    }
  }

  private static void coded(Step step) {
    try {
      step.run();
    } catch (AttestationException refused) {
      // What a parser is for.
    }
  }
}
