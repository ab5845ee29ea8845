package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Json;
import org.sesemi.wire.Verdict;
import org.sesemi.wire.VerificationRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Attestation evidence of real hardware, in a folder. */
@Command(
    name = "evidence",
    header = "Show and verify attestation evidence of real hardware.",
    description =
        "Show and verify attestation evidence of real hardware, offline: SEV-SNP, TDX, SGX, Nitro, "
            + "TPM, Azure, NVIDIA and Arm CCA. docs/attestation.md names the files of a folder.",
    footer = {
      "  sesemi evidence verify FOLDER",
      "  sesemi evidence show FOLDER",
      "  sesemi evidence policy policy.json"
    },
    subcommands = {
      EvidenceCommand.Show.class,
      EvidenceCommand.Verify.class,
      EvidenceCommand.Policy.class
    })
final class EvidenceCommand extends NounCommand {

  private static final String AUTHENTICITY = "authenticity and vendor rules";

  /** Shows what evidence says. */
  @Command(
      name = "show",
      header = "Show what evidence says, verified or not.",
      description =
          "Show what evidence says as a tree, and whether it verifies. Nothing in it is true "
              + "unless it does.",
      footer = {
        "  sesemi evidence show FOLDER",
        "  sesemi evidence show quote.bin --platform tdx --json"
      })
  static final class Show extends Verb {

    @Parameters(
        index = "0",
        paramLabel = "FOLDER",
        description = "A folder of evidence, or a file.")
    private Path folder = Path.of("");

    @Mixin private EvidenceOptions options = new EvidenceOptions();

    Show(Session session) {
      super(session);
    }

    @Override
    Result execute() throws IOException {
      try {
        Documents documents = EvidenceOptions.read(folder);
        Judgement judgement =
            options.judge(
                options.platform(documents).orElseThrow(() -> unknown(folder)),
                documents,
                options.instant(),
                null);
        boolean verified = judgement.record().accepted();
        String state =
            verified
                ? "verified: " + AUTHENTICITY + ", no policy"
                : "NOT verified: " + judgement.record().failing().map(Check::reason).orElse("");
        List<String> lines = new ArrayList<>();
        Style style = output().style();
        lines.add(
            style.strong(judgement.platform().text() + " evidence in " + folder)
                + "  "
                + (verified ? style.good(state) : style.bad(state)));
        lines.addAll(EvidenceView.tree(documents, Optional.of(judgement)));
        return new Result(
            EvidenceView.fields(judgement)
                .put("verified", verified)
                .putTexts("documents", List.copyOf(documents.names())),
            lines);
      } catch (EvidenceOptions.Mistake e) {
        throw usage(e.getMessage());
      }
    }
  }

  /** Verifies evidence. */
  @Command(
      name = "verify",
      header = "Verify evidence offline, step by step.",
      description =
          "Verify evidence step by step, without asking anybody. Without a policy this judges "
              + "authenticity and vendor rules only: signatures, chains, revocation, dates and "
              + "collateral. Exit code 3 when a step fails or cannot be made.",
      footer = {
        "  sesemi evidence verify FOLDER",
        "  sesemi evidence verify FOLDER --policy policy.json --nonce 00ff --json"
      })
  static final class Verify extends Verb {

    @Parameters(
        index = "0",
        paramLabel = "FOLDER",
        description = "A folder of evidence, or a file.")
    private Path folder = Path.of("");

    @Mixin private EvidenceOptions options = new EvidenceOptions();

    @Option(
        names = "--policy",
        paramLabel = "FILE",
        description = "Compare what the evidence says with this policy, too.")
    private @Nullable Path policy;

    @Option(
        names = "--nonce",
        paramLabel = "HEX",
        description = "Demand that the evidence was made for these bytes.")
    private @Nullable String nonce;

    Verify(Session session) {
      super(session);
    }

    @Override
    Result execute() throws IOException {
      try {
        return verify();
      } catch (EvidenceOptions.Mistake e) {
        throw usage(e.getMessage());
      }
    }

    private Result verify() throws IOException {
      Instant instant = options.instant();
      var _ = EvidenceOptions.nonce(nonce);
      Path file = policy;
      Optional<EvidencePolicy> demands =
          file == null ? Optional.empty() : Optional.of(EvidencePolicy.read(file));
      Documents documents = EvidenceOptions.read(folder);
      Optional<PlatformKind> platform = options.platform(documents);
      if (platform.isEmpty()) {
        throw unrecognised();
      }
      Judgement authentic = options.judge(platform.get(), documents, instant, nonce);
      Judgement judgement =
          demands.map(demand -> demand.appraise(authentic, instant)).orElse(authentic);
      String scope = file == null ? AUTHENTICITY : AUTHENTICITY + ", and the policy " + file;
      Fields fields =
          EvidenceView.fields(judgement)
              .put("at", instant.toString())
              .put("anchors", options.anchorsText())
              .put("scope", file == null ? "authenticity" : "policy");
      demands.ifPresent(
          demand ->
              fields.put(
                  "policyDigest",
                  Digest.sha256(demand.toJson().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                      .hex()));
      List<String> lines = new ArrayList<>();
      lines.add("evidence in " + folder + " at " + instant);
      lines.addAll(EvidenceView.summary(judgement));
      lines.addAll(RecordView.lines(judgement.record(), output().style()));
      lines.add("  judged: " + scope);
      if (file == null) {
        lines.add("  without --policy, nothing is said about whether this is the right machine");
      }
      if (judgement.verdict() != Verdict.ACCEPT) {
        throw refused(judgement, fields, lines);
      }
      return new Result(fields, lines);
    }

    private FailureWithDetails refused(Judgement judgement, Fields fields, List<String> lines) {
      lines.forEach(output()::line);
      Check failing = judgement.record().failing().orElseThrow();
      return FailureWithDetails.ofResult(
          new AttestationException(
              judgement.failure().orElse(AttestationException.Code.INCOMPLETE),
              failing.name().replace('-', ' ') + ": " + failing.reason(),
              judgement.record()),
          fields);
    }

    private FailureWithDetails unrecognised() {
      AttestationException failure = unknown(folder);
      VerificationRecord record =
          new VerificationRecord(
              "evidence",
              List.of(
                  Check.failed("platform", "evidence of a known platform", "", failure.detail())));
      return FailureWithDetails.ofResult(
          failure,
          new Fields()
              .put("verdict", record.verdict().text())
              .put("claims", new Fields())
              .putList("checks", EvidenceView.checks(record))
              .put("scope", "authenticity"));
    }
  }

  /** Checks a policy, or writes a first one. */
  @Command(
      name = "policy",
      header = "Check a policy file, or write a first one.",
      description =
          "Check a policy file and print what it demands, or write a first policy from what "
              + "evidence says. A first policy allows nothing that is refused by default.",
      footer = {"  sesemi evidence policy policy.json", "  sesemi evidence policy --from FOLDER"})
  static final class Policy extends Verb {

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "FILE",
        description = "The policy to check.")
    private @Nullable Path file;

    @Option(
        names = "--from",
        paramLabel = "FOLDER",
        description = "Write a policy that names what the evidence in this folder says.")
    private @Nullable Path from;

    @Mixin private EvidenceOptions options = new EvidenceOptions();

    Policy(Session session) {
      super(session);
    }

    @Override
    Result execute() throws IOException {
      Path policy = file;
      Path evidence = from;
      try {
        if (policy != null && evidence == null) {
          return describe(policy);
        }
        if (policy == null && evidence != null) {
          return draft(evidence);
        }
      } catch (EvidenceOptions.Mistake e) {
        throw usage(e.getMessage());
      }
      throw usage("name either a policy FILE to check, or --from FOLDER");
    }

    private Result describe(Path policy) {
      EvidencePolicy read = EvidencePolicy.read(policy);
      List<String> lines = new ArrayList<>();
      lines.add(policy + " accepts evidence of any of these:");
      lines.addAll(read.describe());
      return new Result(
          new Fields()
              .put("file", policy.toString())
              .put("policy", Json.parse(read.toJson()))
              .putTexts("demands", read.describe()),
          lines);
    }

    private Result draft(Path evidence) throws IOException {
      Instant instant = options.instant();
      Documents documents = EvidenceOptions.read(evidence);
      Judgement judgement =
          options.judge(
              options.platform(documents).orElseThrow(() -> unknown(evidence)),
              documents,
              instant,
              null);
      String text = EvidencePolicy.draft(judgement);
      List<String> notes = new ArrayList<>();
      if (!judgement.record().accepted()) {
        notes.add("note: this evidence does not verify, so its claims may be false");
      }
      for (Check check :
          EvidencePolicy.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), "draft")
              .appraise(judgement, instant)
              .record()
              .checks()) {
        if (check.name().startsWith("policy-") && check.outcome() != CheckOutcome.PASSED) {
          notes.add("note: the policy refuses this very evidence: " + check.reason());
        }
      }
      output().explain(notes);
      return new Result(
          new Fields().put("policy", Json.parse(text)).putTexts("notes", notes),
          List.of(text.stripTrailing()));
    }
  }

  private static AttestationException unknown(Path place) {
    return new AttestationException(
        AttestationException.Code.PLATFORM_UNKNOWN,
        "the files in " + place + " are not evidence of a known platform");
  }
}
