package org.sesemi.attestation.internal.collateral;

import java.net.URI;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.CollateralRequest.SnpProvider;
import org.sesemi.wire.Bytes;

/**
 * AMD's key distribution service, after AMD publication 57230. It throttles hard; ask it through
 * the cache only.
 */
final class AmdKds implements ItemSource {

  private static final int TURIN_CHIP_ID = 8;

  private final WebClient web;
  private final URI host;

  AmdKds(WebClient web, URI host) {
    this.web = web;
    this.host = host;
  }

  @Override
  public Map<String, Bytes> fetch(Item item) {
    String line = item.line().text();
    String path =
        switch (item.kind()) {
          case AMD_CHAIN ->
              (item.request() instanceof SnpProvider ? "/vlek" : "/vcek")
                  + "/v1/"
                  + line
                  + "/cert_chain";
          case AMD_CRL -> "/vcek/v1/" + line + "/crl";
          case AMD_VCEK -> vcek((SnpChip) item.request());
          case INTEL_TCB_INFO, INTEL_QE_IDENTITY, INTEL_PCK_CRL, INTEL_ROOT_CRL ->
              throw new IllegalArgumentException(item.key() + " is not of AMD");
        };
    return Map.of(item.kind().document(), web.get(host.resolve(path), "").body());
  }

  private static String vcek(SnpChip chip) {
    byte[] tcb = chip.reportedTcb().toArray();
    boolean turin = chip.line() == SnpLine.TURIN;
    int bootloader = turin ? 1 : 0;
    byte[] id = chip.chipId().toArray();
    return "/vcek/v1/"
        + chip.line().text()
        + "/"
        + HexFormat.of().formatHex(turin ? Arrays.copyOf(id, TURIN_CHIP_ID) : id)
        + "?"
        + (turin ? level("fmc", tcb[0]) + "&" : "")
        + level("bl", tcb[bootloader])
        + "&"
        + level("tee", tcb[bootloader + 1])
        + "&"
        + level("snp", tcb[turin ? 3 : 6])
        + "&"
        + level("ucode", tcb[7]);
  }

  private static String level(String component, byte value) {
    return String.format(Locale.ROOT, "%sSPL=%02d", component, value & 0xff);
  }
}
