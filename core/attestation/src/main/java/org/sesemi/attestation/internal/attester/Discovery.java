package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.tpm.TpmDeviceAttester;

/** Looks for each platform below the root of a file system. */
public final class Discovery {

  /**
   * What was found of one platform.
   *
   * @param attester the way to its evidence, if there is one
   * @param found what there is, or what is missing, for people
   */
  public record Found(Optional<Attester> attester, String found) {}

  private static final String TSM = "/" + ConfigfsTsm.FOLDER;

  private final Path root;
  private final boolean configfs;
  private final String provider;
  private final String problem;

  /** Looks below a root. */
  public Discovery(Path root) {
    this.root = root;
    ConfigfsTsm tsm = new ConfigfsTsm(root, OptionalInt.empty());
    this.configfs = tsm.isPresent();
    String name = "";
    String failed = "";
    if (configfs) {
      try {
        name = tsm.provider();
      } catch (IOException e) {
        failed = PseudoFiles.reason(e);
      }
    }
    this.provider = name;
    this.problem = failed;
  }

  /** {@return what was found of a platform} */
  public Found of(PlatformKind platform) {
    return switch (platform) {
      case SNP -> guest(PlatformKind.SNP, "dev/sev-guest");
      case TDX -> guest(PlatformKind.TDX, "dev/tdx_guest");
      case CCA -> guest(PlatformKind.CCA, "sys/module/arm_cca_guest");
      case SGX -> gramine();
      case NITRO -> nitro();
      case TPM -> tpm();
      case AZURE_VTPM ->
          missing("evidence of Azure's machines comes through Azure's services, not from here");
      case NVIDIA -> missing("evidence of GPUs comes through the driver's library, not from here");
      case SIMULATED -> missing("the simulated platform speaks to its enclaves by itself");
    };
  }

  private Found guest(PlatformKind platform, String device) {
    if (!configfs) {
      return missing(
          Files.exists(root.resolve(device))
              ? "/" + device + " is there, but not " + TSM + ": mount configfs, from Linux 6.7"
              : "neither " + TSM + " nor /" + device + " is there");
    }
    if (!problem.isEmpty()) {
      return missing(TSM + " gives nothing: " + problem);
    }
    String says = "the provider in " + TSM + " is " + TsmAttester.shown(provider);
    return TsmAttester.platformOf(provider).filter(platform::equals).isPresent()
        ? found(TsmAttester.of(platform, root, OptionalInt.empty()), says)
        : missing(says);
  }

  private Found gramine() {
    String folder = "/" + GramineAttester.FOLDER;
    GramineAttester attester = new GramineAttester(root);
    if (!Files.isDirectory(root.resolve(GramineAttester.FOLDER))) {
      return missing(folder + " is not there: not an enclave under Gramine");
    }
    try {
      String type = attester.type();
      return type.equals("dcap")
          ? found(attester, folder + " offers DCAP attestation")
          : missing(folder + " offers no DCAP attestation: sgx.remote_attestation in the manifest");
    } catch (IOException e) {
      return missing(folder + " gives nothing: " + PseudoFiles.reason(e));
    }
  }

  private Found nitro() {
    String device = "/" + NsmAttester.DEVICE;
    return Files.exists(root.resolve(NsmAttester.DEVICE))
        ? found(NsmAttester.below(root), device + " is there")
        : missing(device + " is not there");
  }

  private Found tpm() {
    Path device = root.resolve("dev/tpmrm0");
    if (Files.exists(device)) {
      return found(new TpmDeviceAttester(device), "/dev/tpmrm0 is there");
    }
    if (Files.exists(root.resolve("dev/tpm0"))) {
      return missing("/dev/tpm0 is there, but not /dev/tpmrm0, which shares it among processes");
    }
    return missing("/dev/tpmrm0 is not there");
  }

  private static Found found(Attester attester, String what) {
    return new Found(Optional.of(attester), what);
  }

  private static Found missing(String why) {
    return new Found(Optional.empty(), why);
  }
}
