package org.sesemi.attestation.internal.intel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sesemi.wire.Bytes;

/**
 * Finds the levels that a machine meets and what they mean together. Algorithm: Intel SGX and TDX
 * Quote Verification Library, 4.1.2.4, steps 16 and 17; documentation of TCB info version 3.
 *
 * <p>The components of the PCK certificate are compared, not those of the quote: Intel certified
 * them. Where a domain's module has a version above 0, its security version is judged by the
 * module's own levels, and the first two components of the platform's levels do not count.
 *
 * @param sgx the first level that the components of the PCK certificate meet
 * @param platform the first level that those of the TD report meet as well; the same for SGX
 * @param module Intel's description of the domain's module
 * @param moduleLevel the first level that the module meets
 */
public record TcbEvaluation(
    Optional<TcbLevel<TcbLevel.Platform>> sgx,
    Optional<TcbLevel<TcbLevel.Platform>> platform,
    Optional<TcbInfo.Module> module,
    Optional<TcbLevel<Integer>> moduleLevel) {

  private static final int MICROCODE = 2;

  /** Evaluates a platform, with the domain on it for TDX. */
  static TcbEvaluation of(TcbInfo info, PckExtension pck, Optional<TdReport> domain) {
    Optional<TcbLevel<TcbLevel.Platform>> sgx =
        info.levels().stream().filter(level -> meetsSgx(level, pck)).findFirst();
    Optional<TcbLevel<TcbLevel.Platform>> platform =
        info.levels().stream()
            .filter(level -> meetsSgx(level, pck))
            .filter(level -> domain.isEmpty() || meetsTdx(level, domain.get()).isEmpty())
            .findFirst();
    Optional<TcbInfo.Module> module =
        domain.flatMap(td -> info.module(td.moduleVersion()).filter(known -> known.describes(td)));
    Optional<TcbLevel<Integer>> moduleLevel =
        domain
            .filter(td -> td.moduleVersion() > 0)
            .flatMap(
                td ->
                    module.flatMap(
                        known -> enclaveLevel(known.levels(), Octets.at(td.teeTcbSvn(), 0))));
    return new TcbEvaluation(sgx, platform, module, moduleLevel);
  }

  /** {@return the first level of an enclave or a module that a security version meets} */
  static Optional<TcbLevel<Integer>> enclaveLevel(List<TcbLevel<Integer>> levels, int version) {
    return levels.stream().filter(level -> level.floors() <= version).findFirst();
  }

  private static boolean meetsSgx(TcbLevel<TcbLevel.Platform> level, PckExtension pck) {
    return TcbLevel.below(pck.components(), level.floors().sgx(), 0).isEmpty()
        && pck.pceSvn() >= level.floors().pceSvn();
  }

  private static OptionalInt meetsTdx(TcbLevel<TcbLevel.Platform> level, TdReport domain) {
    return TcbLevel.below(
        domain.teeTcbSvn(), level.floors().tdx(), domain.moduleVersion() > 0 ? 2 : 0);
  }

  /**
   * {@return what the levels mean together, when all that are due were found}
   *
   * @param qe the level of the quoting enclave
   */
  Optional<TcbStatus> status(TcbInfo info, Optional<TdReport> domain, TcbLevel<Integer> qe) {
    if (sgx.isEmpty() || platform.isEmpty()) {
      return Optional.empty();
    }
    TcbStatus status = platform.get().status();
    if (domain.isPresent()) {
      if (module.isEmpty() || (domain.get().moduleVersion() > 0 && moduleLevel.isEmpty())) {
        return Optional.empty();
      }
      if (moduleLevel.isPresent()) {
        status = status.with(moduleLevel.get().status());
      }
      if (relaunchHelps(info, domain.get(), status, qe.status())) {
        status =
            sgx.get().status().configurationNeeded() || status.configurationNeeded()
                ? TcbStatus.TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED
                : TcbStatus.TD_RELAUNCH_ADVISED;
      }
    }
    return Optional.of(status.with(qe.status()));
  }

  /**
   * Returns whether only the domain is outdated, and not the machine: it was launched under an
   * older module, and the module that runs now meets the newest level.
   */
  private boolean relaunchHelps(TcbInfo info, TdReport domain, TcbStatus withModule, TcbStatus qe) {
    boolean domainOutdated =
        (withModule == TcbStatus.OUT_OF_DATE
                || withModule == TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED)
            && moduleLevel.map(level -> level.status() == TcbStatus.OUT_OF_DATE).orElse(false);
    return domainOutdated
        && qe.current()
        && sgx.map(level -> level.status().current()).orElse(false)
        && domain.newer().map(more -> meetsNewest(info, more.teeTcbSvn2())).orElse(false);
  }

  private static boolean meetsNewest(TcbInfo info, Bytes versions) {
    Bytes floors = info.levels().getFirst().floors().tdx();
    int version = Octets.at(versions, 1);
    OptionalInt floor =
        version == 0
            ? OptionalInt.of(Octets.at(floors, 0))
            : info.module(version).stream()
                .flatMap(module -> module.levels().stream().limit(1))
                .mapToInt(TcbLevel::floors)
                .findFirst();
    return floor.isPresent()
        && Octets.at(versions, 0) >= floor.getAsInt()
        && Octets.at(versions, MICROCODE) >= Octets.at(floors, MICROCODE);
  }
}
