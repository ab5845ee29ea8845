package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;

/**
 * Evidence of SEV-SNP, TDX and Arm CCA guests by way of {@link ConfigfsTsm}. SEV-SNP hosts may add
 * certificates, which then go with the report. Thread-safe.
 */
public final class TsmAttester implements Attester {

  private static final Map<String, PlatformKind> PROVIDERS =
      Map.of(
          "sev_guest", PlatformKind.SNP,
          "tdx_guest", PlatformKind.TDX,
          "arm_cca_guest", PlatformKind.CCA);

  private final PlatformKind platform;
  private final ConfigfsTsm tsm;

  private TsmAttester(PlatformKind platform, ConfigfsTsm tsm) {
    this.platform = platform;
    this.tsm = tsm;
  }

  /**
   * Makes an attester.
   *
   * @param platform SNP, TDX or CCA
   * @param root the root of the file system
   * @param privilegeLevel the level to report for, on platforms that have such
   */
  public static TsmAttester of(PlatformKind platform, Path root, OptionalInt privilegeLevel) {
    if (!PROVIDERS.containsValue(platform)) {
      throw new IllegalArgumentException("configfs has no evidence of " + platform.text());
    }
    return new TsmAttester(platform, new ConfigfsTsm(root, privilegeLevel));
  }

  /** {@return the platform of a provider, if it is known} */
  static Optional<PlatformKind> platformOf(String provider) {
    return Optional.ofNullable(PROVIDERS.get(provider));
  }

  @Override
  public Evidence attest(byte[] reportData) {
    byte[] data = Produced.checked(reportData);
    ConfigfsTsm.Report report;
    try {
      report = tsm.report(data);
    } catch (IOException e) {
      throw Produced.unavailable(platform, PseudoFiles.reason(e));
    }
    if (!platformOf(report.provider()).filter(platform::equals).isPresent()) {
      throw Produced.unavailable(platform, "the provider is " + shown(report.provider()));
    }
    Map<String, Bytes> files = new TreeMap<>();
    files.put(mainFile(), report.report());
    if (platform == PlatformKind.SNP && report.auxiliary().length() > 0) {
      files.put("auxblob.bin", report.auxiliary());
    }
    return Produced.evidence(platform, new Documents(files), mainFile(), data);
  }

  private String mainFile() {
    return switch (platform) {
      case SNP -> "report.bin";
      case TDX -> "quote.bin";
      case CCA -> "token.cbor";
      case SIMULATED, SGX, NITRO, TPM, AZURE_VTPM, NVIDIA ->
          throw new IllegalStateException(platform.text());
    };
  }

  static String shown(String provider) {
    return provider.matches("[A-Za-z0-9_-]{1,32}") ? provider : "none that is known";
  }

  @Override
  public PlatformKind platform() {
    return platform;
  }
}
