package org.sesemi.attestation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.sesemi.attestation.internal.attester.Discovery;

/**
 * Finds the hardware platform that this process runs on, and says of every platform what it found
 * or what is missing. Where several are present, the one whose evidence says most about this very
 * process or machine comes first: an enclave before a machine.
 *
 * <p>Looking asks the kernel which provider of reports it has, which needs the rights that evidence
 * needs. Immutable, thread-safe.
 */
public final class AttesterDiscovery {

  private static final List<PlatformKind> ORDER =
      List.of(
          PlatformKind.SGX,
          PlatformKind.NITRO,
          PlatformKind.SNP,
          PlatformKind.TDX,
          PlatformKind.CCA,
          PlatformKind.TPM,
          PlatformKind.AZURE_VTPM,
          PlatformKind.NVIDIA);

  /**
   * What was found of one platform.
   *
   * @param platform the platform
   * @param present whether there is an attester for it
   * @param reason what was found, or what is missing, for people
   */
  public record Finding(PlatformKind platform, boolean present, String reason) {}

  private final List<Finding> findings;
  private final Map<PlatformKind, Attester> attesters;

  private AttesterDiscovery(List<Finding> findings, Map<PlatformKind, Attester> attesters) {
    this.findings = List.copyOf(findings);
    this.attesters = Collections.unmodifiableMap(attesters);
  }

  /** {@return what is found on this machine} */
  public static AttesterDiscovery look() {
    return look(Path.of("/"));
  }

  /**
   * {@return what is found below the root of a file system}
   *
   * @param root the root, for example that of a container whose devices are mounted elsewhere
   */
  public static AttesterDiscovery look(Path root) {
    Discovery discovery = new Discovery(root);
    List<Finding> findings = new ArrayList<>();
    Map<PlatformKind, Attester> attesters = new EnumMap<>(PlatformKind.class);
    for (PlatformKind platform : ORDER) {
      Discovery.Found found = discovery.of(platform);
      findings.add(new Finding(platform, found.attester().isPresent(), found.found()));
      found.attester().ifPresent(attester -> attesters.put(platform, attester));
    }
    return new AttesterDiscovery(findings, attesters);
  }

  /** {@return what was found of every hardware platform, in order of preference} */
  public List<Finding> findings() {
    return findings;
  }

  /** {@return the attester of the preferred platform, if any is present} */
  public Optional<Attester> attester() {
    return ORDER.stream().flatMap(platform -> attester(platform).stream()).findFirst();
  }

  /**
   * {@return the attester of a platform, if it is present}
   *
   * @param platform the platform
   */
  public Optional<Attester> attester(PlatformKind platform) {
    return Optional.ofNullable(attesters.get(platform));
  }

  /**
   * {@return the attester of the preferred platform}
   *
   * @throws AttestationException with {@code attestation.platform-unavailable} and every finding
   *     when none is present
   */
  public Attester require() {
    return attester()
        .orElseThrow(
            () -> {
              StringJoiner all = new StringJoiner("; ");
              findings.forEach(each -> all.add(each.platform().text() + ": " + each.reason()));
              return new AttestationException(
                  AttestationException.Code.PLATFORM_UNAVAILABLE,
                  "no hardware platform is present: " + all);
            });
  }
}
