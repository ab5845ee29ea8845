package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * A paravisor with a virtual TPM: its report over hardware evidence that is made elsewhere, and the
 * JSON document of its attester. What is left at its beginning fits the rest. Not thread-safe.
 */
public final class AzureVendor {

  /** The virtual TPM, whose key is RSA. */
  public final TpmVendor tpm;

  /** The four characters in front. */
  public String signature = "HCLA";

  /** The version of the header. */
  public int version = 1;

  /** The type of the request. */
  public int requestType = 2;

  /** The bytes of the header behind the type of the request. */
  public byte[] reserved = new byte[16];

  /** What is added to the size of the whole report. */
  public int sizeError;

  /** The version of the runtime data. */
  public int runtimeVersion = 1;

  /** 2 for SEV-SNP, 4 for TDX. */
  public int reportType;

  /** 1 to 3 for SHA-256, SHA-384 and SHA-512. */
  public int hashType = 1;

  /** What is added to the size of the runtime data with their header. */
  public int runtimeSizeError;

  /** The runtime data. */
  public String runtimeData;

  /** What follows the runtime data. */
  public byte[] trailing = new byte[254];

  /** What follows the hardware report in its area; zeros when empty. */
  public byte[] afterHardware = {};

  /** The version of the JSON document. */
  public int documentVersion = 1;

  /** Makes a paravisor. */
  public AzureVendor(TpmVendor tpm, int reportType) {
    this.tpm = tpm;
    this.reportType = reportType;
    this.runtimeData =
        "{\"keys\":["
            + key("HCLAkPub", "sign", (RSAPublicKey) tpm.ak.pair.getPublic())
            + ","
            + key("HCLEkPub", "encrypt", (RSAPublicKey) tpm.ek.pair.getPublic())
            + "],\"vm-configuration\":{\"console-enabled\":false,\"secure-boot\":true,"
            + "\"tpm-enabled\":true,\"vmUniqueId\":\"00000000-0000-4000-8000-000000000000\"},"
            + "\"user-data\":\""
            + "0A".repeat(64)
            + "\"}";
  }

  /** {@return a key as it stands in runtime data} */
  public static String key(String id, String operation, RSAPublicKey key) {
    BigInteger modulus = key.getModulus();
    return "{\"kid\":\""
        + id
        + "\",\"key_ops\":[\""
        + operation
        + "\"],\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(TpmKey.fixed(modulus, (modulus.bitLength() + 7) / 8))
        + "\"}";
  }

  /** {@return the report data that the hardware has to have} */
  public byte[] reportData() {
    byte[] data = runtimeData.getBytes(StandardCharsets.UTF_8);
    int hash = hashType == 2 ? 0x0c : hashType == 3 ? 0x0d : 0x0b;
    return Arrays.copyOf(TpmBytes.digest(hash, data), 64);
  }

  /** {@return the paravisor's report around a hardware report} */
  public byte[] report(byte[] hardware) {
    byte[] data = runtimeData.getBytes(StandardCharsets.UTF_8);
    byte[] area = Arrays.copyOf(hardware, 1184);
    System.arraycopy(
        afterHardware,
        0,
        area,
        Math.min(hardware.length, 1184 - afterHardware.length),
        afterHardware.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(signature.getBytes(StandardCharsets.US_ASCII));
    little(out, version);
    little(out, 32 + 1184 + 20 + data.length + sizeError);
    little(out, requestType);
    out.writeBytes(reserved);
    out.writeBytes(area);
    little(out, 20 + data.length + runtimeSizeError);
    little(out, runtimeVersion);
    little(out, reportType);
    little(out, hashType);
    little(out, data.length);
    out.writeBytes(data);
    out.writeBytes(trailing);
    return out.toByteArray();
  }

  private static void little(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }

  /**
   * {@return the JSON document}
   *
   * @param hardware the hardware report
   * @param further members behind the usual ones, each with a comma in front
   */
  public String document(byte[] hardware, String further) {
    byte[] message = tpm.message();
    return "{\"version\":"
        + documentVersion
        + ",\"tpm_quote\":{\"signature\":\""
        + hex(tpm.ak.bare(message, tpm.ak.scheme, tpm.ak.schemeHash))
        + "\",\"message\":\""
        + hex(message)
        + "\",\"pcrs\":["
        + tpm.pcrs.values().stream()
            .map(value -> "\"" + hex(value) + "\"")
            .collect(Collectors.joining(","))
        + "]},\"hcl_report\":\""
        + Base64.getUrlEncoder().withoutPadding().encodeToString(report(hardware))
        + "\""
        + further
        + "}";
  }

  /** {@return a member with bytes, with a comma in front} */
  public static String member(String name, byte[] value) {
    return ",\""
        + name
        + "\":\""
        + Base64.getUrlEncoder().withoutPadding().encodeToString(value)
        + "\"";
  }

  /** {@return a TD report with the fields of the body of a quote of version 4 or 5} */
  public static byte[] tdReport(byte[] body) {
    byte[] report = new byte[1024];
    report[0] = (byte) 0x81;
    System.arraycopy(body, 520, report, 128, 64);
    System.arraycopy(body, 0, report, 264, 120);
    System.arraycopy(body, 120, report, 512, 400);
    return report;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
