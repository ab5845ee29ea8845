package org.sesemi.attestation.internal.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.CollateralRequest;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.CollateralSource;
import org.sesemi.wire.Bytes;

class OfflineFolderTest {

  @TempDir Path folder;

  private void fill(Path where, String... names) throws IOException {
    Files.createDirectories(where);
    for (String name : names) {
      Files.writeString(where.resolve(name), name);
    }
  }

  @Test
  void givesTheDocumentsOfTheRequestAndNoOthers() throws IOException {
    fill(folder, "vcek.der", "crl.der", "report.bin", "tcb_info.json");
    assertThat(CollateralSource.folder(folder).documents(TestVendors.MILAN).names())
        .containsExactly("crl.der", "vcek.der");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcb_info.json",
        "qe_identity.json",
        "root_ca_crl.der",
        "pck_crl.der",
        "tcb_signing_chain.pem"
      })
  void aMissingDocumentIsNamed(String missing) throws IOException {
    fill(
        folder,
        "tcb_info.json",
        "qe_identity.json",
        "root_ca_crl.der",
        "pck_crl.der",
        "tcb_signing_chain.pem");
    CollateralSource source = CollateralSource.folder(folder);
    assertThat(source.documents(TestVendors.TDX).names()).hasSize(5);
    Files.delete(folder.resolve(missing));
    assertThatThrownBy(() -> source.documents(TestVendors.TDX))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(Code.COLLATERAL_UNAVAILABLE))
        .hasMessageContaining(missing);
  }

  @Test
  void aSubfolderForTheMachineGoesFirst() throws IOException {
    fill(folder, "vcek.der", "crl.der");
    fill(folder.resolve("snp-milan"), "vcek.der", "crl.der", "cert_chain.pem");
    CollateralSource source = CollateralSource.folder(folder);
    assertThat(source.documents(TestVendors.MILAN).names()).contains("cert_chain.pem");
    assertThat(source.documents(new CollateralRequest.SnpProvider(SnpLine.GENOA)).names())
        .containsExactly("crl.der");
  }

  @Test
  void aFolderThatIsNotThereIsUnavailable() {
    assertThatThrownBy(
            () -> CollateralSource.folder(folder.resolve("x")).documents(TestVendors.MILAN))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(Code.COLLATERAL_UNAVAILABLE));
  }

  @Test
  void aChipThatHidesItsIdentityCannotBeAskedAbout() {
    assertThatThrownBy(
            () ->
                new CollateralRequest.SnpChip(
                    SnpLine.MILAN, Bytes.of(new byte[64]), TestVendors.TCB))
        .hasMessageContaining("hides the identity");
  }

  @Test
  void theVendorsAreNotAskedBeforeSomethingIsWanted() {
    CollateralSource.vendors(
        folder.resolve("cache"),
        org.sesemi.attestation.Anchors.pinned(),
        InstantSource.fixed(TestVendors.NOW));
    assertThat(folder.resolve("cache")).doesNotExist();
  }
}
