package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.NvidiaManifest;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Good evidence under a test root, whose parts a test changes before it is judged. */
class NvidiaScene {

  static final NvidiaVendor VENDOR = new NvidiaVendor();
  static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  static final byte[] FWID = NvidiaReport.bytes(48, 0x77);
  static final X509Certificate DEVICE = VENDOR.device(FWID);

  final NvidiaReport report = new NvidiaReport();
  final NvidiaManifest driver = new NvidiaManifest();
  final NvidiaManifest vbios = new NvidiaManifest();
  final Map<String, Bytes> extra = new TreeMap<>();
  X509Certificate device = DEVICE;
  KeyPair deviceKeys = VENDOR.deviceKeys;

  NvidiaScene() {
    report.opaque.put(NvidiaReport.FWID, FWID);
    driver.active(7, NvidiaReport.bytes(48, 8)).active(21, new byte[48], value(22));
    driver.resource(3, "False", new byte[48]);
    vbios.version = "96.00.9F.00.01";
    vbios.active(0, value(1)).resource(7, "False", new byte[48]);
  }

  static byte[] value(int block) {
    return NvidiaReport.bytes(48, block);
  }

  static Anchors anchors() {
    return Anchors.of(
        new Anchors.Set(
            List.of(VENDOR.root.certificate(), VENDOR.manifestRoot.certificate()),
            List.of(),
            List.of()));
  }

  Documents documents() {
    Map<String, Bytes> files = new TreeMap<>();
    files.put("report.bin", Bytes.of(report.sign(deviceKeys.getPrivate())));
    files.put("cert_chain.pem", Bytes.of(VENDOR.chain(device)));
    files.put("driver_rim.xml", Bytes.of(VENDOR.sign(driver)));
    files.put("vbios_rim.xml", Bytes.of(VENDOR.sign(vbios)));
    files.putAll(extra);
    return new Documents(files);
  }

  static Judgement judge(Documents documents, Instant at) {
    return EvidenceVerifier.with(anchors())
        .verify(PlatformKind.NVIDIA, documents, Expectation.at(at));
  }

  Judgement judge() {
    return judge(documents(), NOW);
  }

  static void accepted(Judgement judgement) {
    assertThat(judgement.verdict()).as("%s", judgement.record()).isEqualTo(Verdict.ACCEPT);
  }

  static void rejected(Judgement judgement, String check) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(
            judgement.record().checks().stream()
                .filter(each -> each.outcome() == CheckOutcome.FAILED)
                .map(Check::name))
        .as("%s", judgement.record())
        .containsExactly(check);
  }

  static Bytes pem(X509Certificate... certificates) {
    return Bytes.of(Authority.pem(certificates).getBytes(UTF_8));
  }
}
