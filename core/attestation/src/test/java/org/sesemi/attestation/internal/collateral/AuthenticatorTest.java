package org.sesemi.attestation.internal.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.collateral.Item.Kind;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.wire.Bytes;

class AuthenticatorTest {

  private static final TestVendors VENDORS = new TestVendors();
  private static final Instant NOW = TestVendors.NOW;

  private final Authenticator authenticator = new Authenticator(VENDORS.anchors(), new IntelJson());

  private static Item item(Kind kind) {
    return Item.of(kind.name().startsWith("AMD") ? TestVendors.MILAN : TestVendors.TDX).stream()
        .filter(item -> item.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private Stamp judge(Kind kind, Map<String, Bytes> documents) {
    return authenticator.authenticate(item(kind), documents, VENDORS.milanChain());
  }

  private void refuses(Kind kind, Map<String, Bytes> documents, String why) {
    assertThatThrownBy(() -> judge(kind, documents))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatTheVendorSignedIsTaken(Kind kind) {
    Stamp stamp = judge(kind, VENDORS.item(item(kind), 7, NOW));
    assertThat(stamp.covers(NOW)).isTrue();
    stamp.position().ifPresent(p -> assertThat(p).isEqualTo(new Floor(7, NOW)));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsChangedIsRefused(Kind kind) {
    Map<String, Bytes> good = VENDORS.item(item(kind), 7, NOW);
    byte[] document = good.getOrDefault(kind.document(), Bytes.empty()).toArray();
    Property.check(
        "flips in " + kind,
        20,
        random -> {
          byte[] flipped = document.clone();
          flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
          Map<String, Bytes> changed = new HashMap<>(good);
          changed.put(kind.document(), Bytes.of(flipped));
          Stamp stamp;
          try {
            stamp = judge(kind, changed);
          } catch (Unreadable e) {
            return;
          }
          // The root in a chain file is not looked at, and hex digits have two forms.
          assertThat(stamp).isEqualTo(judge(kind, good));
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsNotThereOrIsEmptyIsRefused(Kind kind) {
    refuses(kind, Map.of(), "there is no");
    assertThatThrownBy(() -> judge(kind, Map.of(kind.document(), Bytes.empty())))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void aCertificateOfAnotherChipOrTcbIsRefused() {
    byte[] other = TestVendors.CHIP.toArray();
    other[63] ^= 1;
    refuses(Kind.AMD_VCEK, vcek(Bytes.of(other), TestVendors.TCB), "another chip");
    for (int component : new int[] {0, 1, 6, 7}) {
      byte[] tcb = TestVendors.TCB.toArray();
      tcb[component] ^= 1;
      refuses(Kind.AMD_VCEK, vcek(TestVendors.CHIP, Bytes.of(tcb)), "another TCB");
    }
  }

  private static Map<String, Bytes> vcek(Bytes chip, Bytes tcb) {
    return Map.of("vcek.der", Bytes.of(Authority.der(VENDORS.vcek(chip, tcb))));
  }

  @Test
  void aListOfAnotherProductLineIsRefused() {
    Item genoa = Item.of(new SnpChip(SnpLine.GENOA, TestVendors.CHIP, TestVendors.TCB)).getLast();
    assertThatThrownBy(() -> authenticator.authenticate(genoa, VENDORS.milanCrl(9, NOW), Map.of()))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("not signed by the one who may");
  }

  @Test
  void aListOfTheOtherAuthorityIsRefused() {
    refuses(
        Kind.INTEL_PCK_CRL,
        VENDORS.pckCrl(VENDORS.processorCa, 9, NOW),
        "has no Intel SGX PCK Platform CA");
  }

  @Test
  void aListOfTheRootIsNotOneOfThePlatformAuthority() {
    Map<String, Bytes> mixed = new HashMap<>(VENDORS.pckCrl(VENDORS.platformCa, 9, NOW));
    mixed.put(
        "pck_crl.der", VENDORS.rootCrl(9, NOW).getOrDefault("root_ca_crl.der", Bytes.empty()));
    refuses(Kind.INTEL_PCK_CRL, mixed, "not signed by the one who may");
  }

  @Test
  void documentsAboutSomethingElseAreRefused() {
    refuses(Kind.INTEL_TCB_INFO, VENDORS.tcbInfo("SGX", "B0C06F000000", 9, NOW), "about TDX");
    refuses(Kind.INTEL_TCB_INFO, VENDORS.tcbInfo("TDX", "00606A000000", 9, NOW), "family");
    refuses(Kind.INTEL_QE_IDENTITY, VENDORS.qeIdentity("QE", 9, NOW), "about TD_QE");
  }

  /** Every key certificate of a platform leads to the same root. */
  @Test
  void aDocumentSignedWithTheKeyOfAPlatformIsRefused() {
    KeyPair pck = Authority.ecKeys("secp256r1");
    String body =
        new String(
            VENDORS.tcbInfo(9, NOW).getOrDefault("tcb_info.json", Bytes.empty()).toArray(),
            StandardCharsets.UTF_8);
    String inner = body.substring("{\"tcbInfo\":".length(), body.indexOf(",\"signature\""));
    String signature = HexFormat.of().formatHex(TestVendors.sign(pck, inner));
    for (String name : List.of("CN=Intel SGX PCK Certificate", "CN=Intel SGX TCB Signing")) {
      Map<String, Bytes> forged =
          Map.of(
              "tcb_info.json",
              TestVendors.text("{\"tcbInfo\":" + inner + ",\"signature\":\"" + signature + "\"}"),
              Item.SIGNING_CHAIN,
              TestVendors.text(
                  Authority.pem(
                      name.endsWith("Signing")
                          ? Authority.root(name + " Root", pck, "SHA256withECDSA")
                              .issue(CertificateSpec.leaf(name, pck.getPublic()))
                          : VENDORS.platformCa.issue(
                              CertificateSpec.leaf(name, pck.getPublic())))));
      assertThatThrownBy(() -> judge(Kind.INTEL_TCB_INFO, forged)).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void aSignedDocumentInAnotherFormIsRefused() {
    String good =
        new String(
            VENDORS.tcbInfo(9, NOW).getOrDefault("tcb_info.json", Bytes.empty()).toArray(),
            StandardCharsets.UTF_8);
    List<UnaryOperator<String>> changes =
        List.of(
            text -> "x" + text,
            text -> text.replace("{\"tcbInfo\":", "{\"other\":1,\"tcbInfo\":"),
            text -> text.replace("{\"tcbInfo\":", "{\"enclaveIdentity\":"),
            text -> text.replace("\"version\":3", "\"version\": 3"),
            text -> text + "x",
            text -> text.substring(0, text.length() - 3) + "\"}",
            text -> "{\"tcbInfo\":,\"signature\":\"" + "00".repeat(64) + "\"}",
            text -> ",\"signature\":\"" + "00".repeat(64) + "\"}");
    for (UnaryOperator<String> change : changes) {
      Map<String, Bytes> changed = new HashMap<>(VENDORS.tcbInfo(9, NOW));
      changed.put("tcb_info.json", TestVendors.text(change.apply(good)));
      assertThatThrownBy(() -> judge(Kind.INTEL_TCB_INFO, changed)).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void datesThatAreNoDatesAreRefused() {
    String body =
        "{\"id\":\"TDX\",\"fmspc\":\"B0C06F000000\",\"issueDate\":\"now\","
            + "\"nextUpdate\":\"later\",\"tcbEvaluationDataNumber\":1}";
    refuses(Kind.INTEL_TCB_INFO, VENDORS.signed("tcb_info.json", "tcbInfo", body), "no instant");
    refuses(Kind.INTEL_TCB_INFO, VENDORS.signed("tcb_info.json", "tcbInfo", "{}"), "JSON");
  }

  @Test
  void genuineDocumentsAreTaken() {
    EvidenceData.documents("tdx/v4-uptodate")
        .ifPresent(
            documents -> {
              Authenticator pinned = new Authenticator(Anchors.pinned(), new IntelJson());
              for (Kind kind :
                  List.of(Kind.INTEL_TCB_INFO, Kind.INTEL_QE_IDENTITY, Kind.INTEL_ROOT_CRL)) {
                assertThatCode(() -> pinned.authenticate(item(kind), documents.files(), Map.of()))
                    .doesNotThrowAnyException();
              }
            });
  }

  @ParameterizedTest
  @EnumSource(SnpLine.class)
  void genuineCertificatesOfChipsAreTaken(SnpLine line) throws IOException {
    String name =
        switch (line) {
          case MILAN -> "snp/milan-v2";
          case GENOA -> "snp/genoa-v5";
          case TURIN -> "snp/turin-v5";
        };
    byte[] chain;
    String resource = "anchors/amd-" + line.text().toLowerCase(Locale.ROOT) + ".pem";
    try (InputStream in = Anchors.class.getResourceAsStream(resource)) {
      chain = in == null ? new byte[0] : in.readAllBytes();
    }
    Map<String, Bytes> context = Map.of("cert_chain.pem", Bytes.of(chain));
    Authenticator pinned = new Authenticator(Anchors.pinned(), new IntelJson());
    EvidenceData.documents(name)
        .ifPresent(
            documents -> {
              byte[] report = documents.get("report.bin").orElseThrow().toArray();
              SnpChip chip =
                  new SnpChip(
                      line,
                      Bytes.of(Arrays.copyOfRange(report, 0x1a0, 0x1e0)),
                      Bytes.of(Arrays.copyOfRange(report, 0x180, 0x188)));
              List<Item> items = Item.of(chip);
              assertThat(pinned.authenticate(items.get(0), context, Map.of()).position()).isEmpty();
              assertThat(pinned.authenticate(items.get(1), documents.files(), context).position())
                  .isEmpty();
            });
  }
}
