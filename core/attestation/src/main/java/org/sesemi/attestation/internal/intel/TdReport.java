package org.sesemi.attestation.internal.intel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.wire.Bytes;

/**
 * The report of a trust domain: 584 bytes (1.0) or 648 bytes (1.5). Layout: Intel TDX DCAP Quoting
 * Library API, appendix A; attributes: Intel TDX module ABI.
 *
 * @param teeTcbSvn security versions of module and platform at the launch of the domain
 * @param mrSeam measurement of the module
 * @param mrSignerSeam signer of the module, zero for Intel
 * @param seamAttributes attributes of the module
 * @param tdAttributes attributes of the domain
 * @param xfam extended features of the domain
 * @param mrTd measurement of the domain's initial content
 * @param mrConfigId configuration given at launch
 * @param mrOwner owner given at launch
 * @param mrOwnerConfig the owner's configuration given at launch
 * @param rtmrs the four registers that are extended at run time
 * @param reportData the domain's own 64 bytes
 * @param newer what only 1.5 has
 */
public record TdReport(
    Bytes teeTcbSvn,
    Bytes mrSeam,
    Bytes mrSignerSeam,
    Bytes seamAttributes,
    Bytes tdAttributes,
    Bytes xfam,
    Bytes mrTd,
    Bytes mrConfigId,
    Bytes mrOwner,
    Bytes mrOwnerConfig,
    List<Bytes> rtmrs,
    Bytes reportData,
    Optional<Newer> newer) {

  /** The length of the layout 1.0. */
  public static final int LENGTH_1_0 = 584;

  /** The length of the layout 1.5. */
  public static final int LENGTH_1_5 = 648;

  private static final long DEBUG = 1;
  private static final long SEPT_VE_DISABLE = 1L << 28;
  private static final long MIGRATABLE = 1L << 29;
  private static final long PKS = 1L << 30;
  private static final long KL = 1L << 31;
  private static final long PERFMON = 1L << 63;
  private static final long DEFINED_ATTRIBUTES =
      DEBUG | SEPT_VE_DISABLE | MIGRATABLE | PKS | KL | PERFMON;

  /** x87 and SSE state, which every domain has. */
  private static final long XFAM_FIXED_1 = 3;

  /** Every feature that a module can give to a domain. */
  private static final long XFAM_POSSIBLE = 0x6DBE7;

  /**
   * What TD report 1.5 adds.
   *
   * @param teeTcbSvn2 security versions now, after updates of the module
   * @param mrServiceTd the service domains bound to this one
   */
  public record Newer(Bytes teeTcbSvn2, Bytes mrServiceTd) {}

  /** Copies the list. */
  public TdReport {
    rtmrs = List.copyOf(rtmrs);
  }

  /** Reads the layout that the length says. */
  static TdReport parse(Bytes bytes) {
    ByteInput in = ByteInput.littleEndian(bytes.toArray(), "the TD report");
    Bytes teeTcbSvn = Bytes.of(in.bytes(16));
    Bytes mrSeam = Bytes.of(in.bytes(48));
    Bytes mrSignerSeam = Bytes.of(in.bytes(48));
    Bytes seamAttributes = Bytes.of(in.bytes(8));
    Bytes tdAttributes = Bytes.of(in.bytes(8));
    Bytes xfam = Bytes.of(in.bytes(8));
    Bytes mrTd = Bytes.of(in.bytes(48));
    Bytes mrConfigId = Bytes.of(in.bytes(48));
    Bytes mrOwner = Bytes.of(in.bytes(48));
    Bytes mrOwnerConfig = Bytes.of(in.bytes(48));
    List<Bytes> rtmrs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rtmrs.add(Bytes.of(in.bytes(48)));
    }
    Bytes reportData = Bytes.of(in.bytes(64));
    Optional<Newer> newer =
        bytes.length() == LENGTH_1_0
            ? Optional.empty()
            : Optional.of(new Newer(Bytes.of(in.bytes(16)), Bytes.of(in.bytes(48))));
    in.finish();
    return new TdReport(
        teeTcbSvn,
        mrSeam,
        mrSignerSeam,
        seamAttributes,
        tdAttributes,
        xfam,
        mrTd,
        mrConfigId,
        mrOwner,
        mrOwnerConfig,
        rtmrs,
        reportData,
        newer);
  }

  /** {@return the version of the module, which says how its security version is judged} */
  public int moduleVersion() {
    return Octets.at(teeTcbSvn, 1);
  }

  /** {@return whether only attributes are set that mean something} */
  boolean attributesDefined() {
    return (Octets.littleEndian(tdAttributes) & ~DEFINED_ATTRIBUTES) == 0;
  }

  /** {@return whether a module could give these features to a domain} */
  boolean xfamPossible() {
    long bits = Octets.littleEndian(xfam);
    return (bits & XFAM_FIXED_1) == XFAM_FIXED_1 && (bits & ~XFAM_POSSIBLE) == 0;
  }

  private boolean attribute(long bit) {
    return (Octets.littleEndian(tdAttributes) & bit) != 0;
  }

  /** Adds what the report says. */
  void claim(ClaimSet.Builder claims) {
    claims
        .put("measurement", mrTd)
        .put("reportData", reportData)
        .put("debug", attribute(DEBUG))
        .put("tcb", teeTcbSvn)
        .put("teeTcbSvn", teeTcbSvn)
        .put("mrseam", mrSeam)
        .put("mrsignerseam", mrSignerSeam)
        .put("seamattr", seamAttributes)
        .put("tdattr", tdAttributes)
        .put("septVeDisable", attribute(SEPT_VE_DISABLE))
        .put("migratable", attribute(MIGRATABLE))
        .put("pks", attribute(PKS))
        .put("kl", attribute(KL))
        .put("perfmon", attribute(PERFMON))
        .put("xfam", xfam)
        .put("mrtd", mrTd)
        .put("mrconfigid", mrConfigId)
        .put("mrowner", mrOwner)
        .put("mrownerconfig", mrOwnerConfig);
    for (int i = 0; i < rtmrs.size(); i++) {
      claims.put("rtmr" + i, rtmrs.get(i));
    }
    newer.ifPresent(
        more ->
            claims
                .put("teeTcbSvn2", more.teeTcbSvn2())
                .put("mrservicetd", more.mrServiceTd())
                .put("serviceTd", !Octets.isZero(more.mrServiceTd().toArray())));
  }
}
