package org.sesemi.attestation;

import java.nio.charset.StandardCharsets;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * How the 64 bytes that evidence has to cover get into the field that a platform has for the
 * caller's own bytes.
 *
 * <ul>
 *   <li>SEV-SNP, TDX, SGX, Arm CCA and Nitro carry them as they are: report data, challenge, or the
 *       {@code nonce} of the document.
 *   <li>A TPM, and the virtual one of Azure, carries their SHA-256 as qualifying data, because that
 *       field is shorter on many chips.
 *   <li>An NVIDIA GPU carries SHA-256 over {@code sesemi/v1/gpu-nonce} and the 64 bytes as its
 *       nonce of 32 bytes.
 * </ul>
 */
public final class EvidenceBinding {

  private static final byte[] GPU_DOMAIN =
      "sesemi/v1/gpu-nonce".getBytes(StandardCharsets.US_ASCII);

  private EvidenceBinding() {}

  /**
   * {@return what the platform's own field has to hold}
   *
   * @param platform the platform
   * @param reportData the 64 bytes that the evidence has to cover
   */
  public static Bytes of(PlatformKind platform, byte[] reportData) {
    if (reportData.length != Claims.REPORT_DATA_LENGTH) {
      throw new IllegalArgumentException("report data has 64 bytes, not " + reportData.length);
    }
    return switch (platform) {
      case SNP, TDX, SGX, CCA, NITRO, SIMULATED -> Bytes.of(reportData);
      case TPM, AZURE_VTPM -> Digest.sha256(reportData).value();
      case NVIDIA -> Digest.sha256(GPU_DOMAIN, reportData).value();
    };
  }
}
