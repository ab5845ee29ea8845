package org.sesemi.attestation.internal.attester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.AttesterDiscovery;
import org.sesemi.attestation.PlatformKind;

final class AttesterDiscoveryTest {

  private final TsmStandIn tsm = new TsmStandIn();

  private AttesterDiscovery look() {
    return AttesterDiscovery.look(new StandInFileSystem(tsm).root());
  }

  private static String reason(AttesterDiscovery discovery, PlatformKind platform) {
    return discovery.findings().stream()
        .filter(finding -> finding.platform() == platform)
        .findFirst()
        .orElseThrow()
        .reason();
  }

  private static List<PlatformKind> present(AttesterDiscovery discovery) {
    return discovery.findings().stream()
        .filter(AttesterDiscovery.Finding::present)
        .map(AttesterDiscovery.Finding::platform)
        .toList();
  }

  @Test
  void theProviderOfConfigfsIsThePlatform() {
    assertThat(present(look())).containsExactly(PlatformKind.SNP);
    assertThat(look().attester().map(Attester::platform)).contains(PlatformKind.SNP);
    assertThat(look().require().attest(new byte[64]).platform()).isEqualTo(PlatformKind.SNP);
    tsm.provider = "tdx_guest";
    assertThat(present(look())).containsExactly(PlatformKind.TDX);
    tsm.provider = "arm_cca_guest";
    assertThat(present(look())).containsExactly(PlatformKind.CCA);
    assertThat(reason(look(), PlatformKind.SNP)).contains("the provider").contains("arm_cca_guest");
    assertThat(tsm.entries).isEmpty();
  }

  @Test
  void anUnknownProviderIsNoPlatform() {
    tsm.provider = "new_guest";
    assertThat(present(look())).isEmpty();
    assertThat(reason(look(), PlatformKind.SNP)).contains("new_guest");
  }

  @Test
  void configfsWithoutAProviderSaysWhy() {
    tsm.makeFails = "No such device or address";
    assertThat(present(look())).isEmpty();
    assertThat(reason(look(), PlatformKind.TDX)).contains("no provider of reports is loaded");
  }

  @Test
  void gramineIsFoundByItsFolder() {
    GramineStandIn gramine = new GramineStandIn();
    Path root = new StandInFileSystem(gramine).root();
    assertThat(present(AttesterDiscovery.look(root))).containsExactly(PlatformKind.SGX);
    assertThat(AttesterDiscovery.look(root).attester(PlatformKind.SGX)).isPresent();
    gramine.type = "none";
    assertThat(present(AttesterDiscovery.look(root))).isEmpty();
    assertThat(reason(AttesterDiscovery.look(root), PlatformKind.SGX))
        .contains("sgx.remote_attestation");
  }

  @Test
  void anEmptyRootHasNothingAndSaysSoOfEveryPlatform(@TempDir Path root) {
    AttesterDiscovery discovery = AttesterDiscovery.look(root);
    assertThat(discovery.attester()).isEqualTo(Optional.empty());
    assertThat(discovery.findings()).hasSize(8);
    assertThat(discovery.findings()).allMatch(finding -> !finding.reason().isEmpty());
    assertThatThrownBy(discovery::require)
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(AttestationException.Code.PLATFORM_UNAVAILABLE);
              for (PlatformKind kind : PlatformKind.values()) {
                if (kind != PlatformKind.SIMULATED) {
                  assertThat(e.detail()).contains(kind.text() + ": ");
                }
              }
            });
  }

  @Test
  void devicesAreFoundByName(@TempDir Path root) throws IOException {
    Path devices = Files.createDirectories(root.resolve("dev"));
    Files.createFile(devices.resolve("sev-guest"));
    assertThat(reason(AttesterDiscovery.look(root), PlatformKind.SNP))
        .contains("/dev/sev-guest is there")
        .contains("mount configfs");
    assertThat(reason(AttesterDiscovery.look(root), PlatformKind.TDX)).contains("neither");
    Files.createFile(devices.resolve("tpmrm0"));
    assertThat(reason(AttesterDiscovery.look(root), PlatformKind.TPM))
        .contains("/dev/tpmrm0 is there");
    Files.createFile(devices.resolve("nsm"));
    AttesterDiscovery discovery = AttesterDiscovery.look(root);
    assertThat(present(discovery)).containsExactly(PlatformKind.NITRO, PlatformKind.TPM);
    assertThat(discovery.attester(PlatformKind.NITRO)).isPresent();
    assertThat(discovery.attester(PlatformKind.SNP)).isEmpty();
  }

  @Test
  void anOrdinaryFileInThePlaceOfTheTpmIsNoTpm(@TempDir Path root) throws IOException {
    Files.createFile(Files.createDirectories(root.resolve("dev")).resolve("tpmrm0"));
    Attester attester = AttesterDiscovery.look(root).require();
    assertThat(attester.platform()).isEqualTo(PlatformKind.TPM);
    assertThatThrownBy(() -> attester.attest(new byte[64]))
        .isInstanceOf(AttestationException.class)
        .hasMessageContaining("the TPM did not answer");
  }

  @Test
  void anOrdinaryFileInThePlaceOfTheModuleIsNoModule(@TempDir Path root) throws IOException {
    Files.createFile(Files.createDirectories(root.resolve("dev")).resolve("nsm"));
    Attester attester = AttesterDiscovery.look(root).require();
    assertThatThrownBy(() -> attester.attest(new byte[64]))
        .isInstanceOf(AttestationException.class)
        .hasMessageContaining("it is not the security module's");
  }

  @Test
  void thisMachineIsLookedAtWithoutHarm() {
    assertThat(AttesterDiscovery.look().findings()).hasSize(8);
  }
}
