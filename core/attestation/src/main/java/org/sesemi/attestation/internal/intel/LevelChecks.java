package org.sesemi.attestation.internal.intel;

import static org.sesemi.attestation.internal.intel.IntelStep.QE_IDENTITY;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_LEVEL;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_LEVEL;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_STATUS;
import static org.sesemi.attestation.internal.intel.IntelStep.TDX_MODULE;
import static org.sesemi.attestation.internal.intel.IntelStep.TDX_MODULE_LEVEL;

import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.internal.Checks;

/** The checks of security versions against Intel's levels. */
final class LevelChecks {

  private static final String DUE = "a level that is not revoked";

  private final Checks<IntelStep> checks;

  LevelChecks(Checks<IntelStep> checks) {
    this.checks = checks;
  }

  /** Declares the checks that only a trust domain has as not applying. */
  void noDomain() {
    checks.skip(TDX_MODULE);
    checks.skip(TDX_MODULE_LEVEL);
  }

  /** Judges who the quoting enclave is, and finds its level. */
  Optional<TcbLevel<Integer>> quotingEnclave(QeIdentity identity, SgxReport qe) {
    List<String> differences = identity.differences(qe);
    checks.that(
        QE_IDENTITY,
        differences.isEmpty(),
        "Intel's miscselect, attributes, mrsigner and isvprodid",
        differences.isEmpty() ? "the same" : "another " + String.join(", ", differences));
    Optional<TcbLevel<Integer>> level =
        TcbEvaluation.enclaveLevel(identity.levels(), qe.securityVersion());
    judge(QE_LEVEL, "qeTcbStatus", level, "security version " + qe.securityVersion());
    return level;
  }

  /** Finds the level of the platform and, for a domain, of its module. */
  TcbEvaluation platform(TcbInfo info, PckExtension pck, Optional<TdReport> domain) {
    TcbEvaluation evaluation = TcbEvaluation.of(info, pck, domain);
    judge(
        TCB_LEVEL,
        "platformTcbStatus",
        evaluation.platform(),
        "components "
            + pck.components().hex()
            + ", pcesvn "
            + pck.pceSvn()
            + domain.map(td -> ", TEE TCB " + td.teeTcbSvn().hex()).orElse(""));
    evaluation.platform().ifPresent(level -> checks.claims().put("tcbDate", level.date()));
    domain.ifPresent(td -> module(evaluation, info, td));
    return evaluation;
  }

  private void module(TcbEvaluation evaluation, TcbInfo info, TdReport domain) {
    int version = domain.moduleVersion();
    String name = version == 0 ? "tdxModule" : TcbInfo.moduleName(version);
    boolean listed = info.module(version).isPresent();
    checks.that(
        TDX_MODULE,
        evaluation.module().isPresent(),
        name + " of the TCB info",
        evaluation.module().isPresent()
            ? name
            : listed ? "another signer or other attributes" : "no such module in the TCB info");
    if (version == 0) {
      // The levels of the platform have judged it.
      checks.skip(TDX_MODULE_LEVEL);
    } else if (evaluation.module().isPresent()) {
      judge(
          TDX_MODULE_LEVEL,
          "moduleTcbStatus",
          evaluation.moduleLevel(),
          "security version " + Octets.at(domain.teeTcbSvn(), 0));
    }
  }

  /** Judges all levels together. */
  void together(
      TcbEvaluation evaluation,
      TcbInfo info,
      Optional<TdReport> domain,
      Optional<TcbLevel<Integer>> qe) {
    qe.flatMap(level -> evaluation.status(info, domain, level))
        .ifPresent(
            status -> {
              checks.tcbStatus(status.text());
              checks.that(TCB_STATUS, status != TcbStatus.REVOKED, "not Revoked", status.text());
            });
  }

  private <T> void judge(
      IntelStep step, String claim, Optional<TcbLevel<T>> level, String versions) {
    level.ifPresent(
        found -> {
          checks.claims().put(claim, found.status().text());
          checks.advisories(found.advisories());
        });
    checks.that(
        step,
        level.filter(found -> found.status() != TcbStatus.REVOKED).isPresent(),
        DUE,
        level.map(found -> found.status().text() + " of " + found.date()).orElse("none")
            + " for "
            + versions);
  }
}
