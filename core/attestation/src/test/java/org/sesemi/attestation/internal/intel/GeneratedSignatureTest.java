package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.refused;
import static org.sesemi.attestation.internal.intel.Generated.sgx;
import static org.sesemi.attestation.internal.intel.Generated.sgxRefused;
import static org.sesemi.attestation.internal.intel.Generated.tdx;
import static org.sesemi.attestation.internal.intel.Generated.tdxRefused;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelLayout.Sgx;
import org.sesemi.vendors.IntelLayout.Td;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** Keys, signatures and report data of a quote, one thing at a time. */
final class GeneratedSignatureTest {

  @TestFactory
  List<DynamicTest> signaturesAndKeys() {
    UnaryOperator<byte[]> flip =
        bytes -> {
          bytes[40] ^= 1;
          return bytes;
        };
    UnaryOperator<byte[]> zeroR =
        bytes -> {
          Arrays.fill(bytes, 0, 32, (byte) 0);
          return bytes;
        };
    return List.of(
        tdxRefused("body", IntelStep.BODY_SIGNATURE, e -> e.quote().changeSignature(flip)),
        sgxRefused("body ", IntelStep.BODY_SIGNATURE, e -> e.quote().changeSignature(flip)),
        tdxRefused("r is zero", IntelStep.BODY_SIGNATURE, e -> e.quote().changeSignature(zeroR)),
        tdxRefused("QE", IntelStep.QE_SIGNATURE, e -> e.quote().changeQeSignature(flip)),
        sgxRefused("QE ", IntelStep.QE_SIGNATURE, e -> e.quote().changeQeSignature(flip)),
        tdxRefused("QE data", IntelStep.QE_REPORT_DATA, e -> e.quote().changeQeReportData(flip)),
        sgxRefused("QE data ", IntelStep.QE_REPORT_DATA, e -> e.quote().changeQeReportData(flip)),
        tdxRefused(
            "key off the curve",
            IntelStep.ATTESTATION_KEY,
            e -> e.quote().changeAttestationKey(flip)),
        tdxRefused(
            "debug QE",
            IntelStep.QE_NOT_DEBUG,
            e -> {
              e.quote().qe().set(Sgx.ATTRIBUTES, 0x13);
              e.qeIdentity().text("attributesMask", "F9" + "F".repeat(14) + "0".repeat(16));
            }));
  }

  @Test
  void keyThatTheQuotingEnclaveDidNotMakeIsRefused() {
    byte[] other = new byte[64];
    IntelEvidence first = VENDOR.tdx(5);
    first
        .quote()
        .attestationKeys(Authority.ecKeys("secp256r1"))
        .changeQeReportData(
            data -> {
              System.arraycopy(data, 0, other, 0, 64);
              return data;
            });
    Generated.documents(first);
    IntelEvidence second = VENDOR.tdx(5);
    second.quote().changeQeReportData(data -> other);
    refused(tdx(second), IntelStep.QE_REPORT_DATA);
  }

  @Test
  void signatureWithTheOtherSIsAcceptedKnowingly() {
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    IntelEvidence evidence = VENDOR.tdx(5);
    evidence
        .quote()
        .changeSignature(
            rs -> {
              BigInteger s = new BigInteger(1, Arrays.copyOfRange(rs, 32, 64));
              byte[] other = order.subtract(s).toByteArray();
              byte[] changed = Arrays.copyOf(Arrays.copyOf(rs, 32), 64);
              int length = Math.min(32, other.length);
              System.arraycopy(other, other.length - length, changed, 64 - length, length);
              return changed;
            });
    accepted(tdx(evidence));
  }

  @Test
  void nonceIsComparedInFullAndPadded() {
    byte[] data = new byte[64];
    data[0] = 9;
    IntelEvidence evidence = VENDOR.tdx(5);
    evidence.quote().domain().set(Td.REPORT_DATA, data);
    Documents documents = Generated.documents(evidence);
    assertThat(with(documents, new byte[] {9}).verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(with(documents, data).verdict()).isEqualTo(Verdict.ACCEPT);
    byte[] longer = data.clone();
    longer[63] = 1;
    refused(with(documents, longer), IntelStep.NONCE);
    refused(with(documents, new byte[] {8}), IntelStep.NONCE);
    refused(with(documents, Arrays.copyOf(data, 65)), IntelStep.NONCE);
  }

  private static Judgement with(Documents documents, byte[] nonce) {
    return IntelVerifier.TDX.judge(
        documents,
        new Expectation(IntelEvidence.AT, Optional.of(Bytes.of(nonce))),
        Generated.ANCHORS);
  }

  @Test
  void suppliedReportDataMustMatch() {
    IntelEvidence evidence = VENDOR.sgx();
    byte[] data = new byte[64];
    Arrays.fill(data, (byte) 0x43);
    accepted(sgx(evidence.file("nonce.bin", data)));
    refused(sgx(evidence.file("nonce.bin", new byte[64])), IntelStep.SUPPLIED_REPORT_DATA);
    refused(sgx(evidence.file("nonce.bin", new byte[1])), IntelStep.SUPPLIED_REPORT_DATA);
  }
}
