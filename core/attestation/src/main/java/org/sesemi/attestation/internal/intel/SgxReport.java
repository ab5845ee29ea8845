package org.sesemi.attestation.internal.intel;

import java.util.ArrayList;
import java.util.List;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.wire.Bytes;

/**
 * The report of an SGX enclave, 384 bytes: of the enclave that is attested, or of the quoting
 * enclave. Layout: Intel SGX ECDSA Quote Library API, appendix A.
 *
 * @param cpuSvn security versions of the processor, raw
 * @param miscSelect extra state that is saved
 * @param extendedProductId ISVEXTPRODID
 * @param attributes flags and XFRM
 * @param mrEnclave measurement of the code
 * @param mrSigner digest of the signer's key
 * @param configId configuration given at launch
 * @param productId ISVPRODID
 * @param securityVersion ISVSVN
 * @param configSvn version of the configuration
 * @param familyId ISVFAMILYID
 * @param reportData the enclave's own 64 bytes
 * @param dirty the names of reserved fields that are not zero
 */
public record SgxReport(
    Bytes cpuSvn,
    Bytes miscSelect,
    Bytes extendedProductId,
    Bytes attributes,
    Bytes mrEnclave,
    Bytes mrSigner,
    Bytes configId,
    int productId,
    int securityVersion,
    int configSvn,
    Bytes familyId,
    Bytes reportData,
    List<String> dirty) {

  /** The length of the layout. */
  public static final int LENGTH = 384;

  private static final int INIT = 1;
  private static final int DEBUG = 1 << 1;
  private static final int MODE64 = 1 << 2;
  private static final int PROVISION_KEY = 1 << 4;
  private static final int EINIT_TOKEN_KEY = 1 << 5;
  private static final int KSS = 1 << 7;
  private static final int AEX_NOTIFY = 1 << 10;

  /** Copies the list. */
  public SgxReport {
    dirty = List.copyOf(dirty);
  }

  /** Reads the layout. */
  static SgxReport parse(Bytes bytes, String what) {
    ByteInput in = ByteInput.littleEndian(bytes.toArray(), what);
    List<String> dirty = new ArrayList<>();
    Bytes cpuSvn = Bytes.of(in.bytes(16));
    Bytes misc = Bytes.of(in.bytes(4));
    zero(in, 12, what + " bytes 20-31", dirty);
    Bytes extendedProductId = Bytes.of(in.bytes(16));
    Bytes attributes = Bytes.of(in.bytes(16));
    Bytes mrEnclave = Bytes.of(in.bytes(32));
    zero(in, 32, what + " bytes 96-127", dirty);
    Bytes mrSigner = Bytes.of(in.bytes(32));
    zero(in, 32, what + " bytes 160-191", dirty);
    Bytes configId = Bytes.of(in.bytes(64));
    int productId = in.u16();
    int securityVersion = in.u16();
    int configSvn = in.u16();
    zero(in, 42, what + " bytes 262-303", dirty);
    Bytes familyId = Bytes.of(in.bytes(16));
    Bytes reportData = Bytes.of(in.bytes(64));
    in.finish();
    return new SgxReport(
        cpuSvn,
        misc,
        extendedProductId,
        attributes,
        mrEnclave,
        mrSigner,
        configId,
        productId,
        securityVersion,
        configSvn,
        familyId,
        reportData,
        dirty);
  }

  private static void zero(ByteInput in, int length, String name, List<String> dirty) {
    if (!Octets.isZero(in.bytes(length))) {
      dirty.add(name);
    }
  }

  /** {@return whether the enclave is initialised} */
  public boolean initialised() {
    return flag(INIT);
  }

  /** {@return whether a debugger can look into the enclave} */
  public boolean debug() {
    return flag(DEBUG);
  }

  private boolean flag(int bit) {
    byte[] flags = attributes.toArray();
    return (((flags[0] & 0xff) | ((flags[1] & 0xff) << 8)) & bit) != 0;
  }

  /** Adds what the report says of the attested enclave. */
  void claim(ClaimSet.Builder claims) {
    claims
        .put("measurement", mrEnclave)
        .put("reportData", reportData)
        .put("debug", debug())
        .put("tcb", cpuSvn)
        .put("cpusvn", cpuSvn)
        .put("misc", miscSelect)
        .put("isvextprodid", extendedProductId)
        .put("attributes", attributes)
        .put("init", initialised())
        .put("mode64", flag(MODE64))
        .put("provisionKey", flag(PROVISION_KEY))
        .put("einitTokenKey", flag(EINIT_TOKEN_KEY))
        .put("kss", flag(KSS))
        .put("aexNotify", flag(AEX_NOTIFY))
        .put("mrenclave", mrEnclave)
        .put("mrsigner", mrSigner)
        .put("configid", configId)
        .put("isvprodid", productId)
        .put("isvsvn", securityVersion)
        .put("configsvn", configSvn)
        .put("isvfamilyid", familyId);
  }
}
