package org.sesemi.attestation.internal.collateral;

import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import org.sesemi.wire.Bytes;

/** The services of all vendors, each asked for its own items. */
public final class VendorServices implements ItemSource {

  private final ItemSource amd;
  private final ItemSource intel;

  VendorServices(ItemSource amd, ItemSource intel) {
    this.amd = amd;
    this.intel = intel;
  }

  /** {@return the services that the vendors run} */
  public static VendorServices ofVendors(InstantSource clock) {
    WebClient web = new WebClient(WebClient.Limits.USUAL, Pause.real(), clock);
    return new VendorServices(
        new AmdKds(web, URI.create("https://kdsintf.amd.com")),
        new IntelPcs(
            web,
            URI.create("https://api.trustedservices.intel.com"),
            URI.create("https://certificates.trustedservices.intel.com")));
  }

  @Override
  public Map<String, Bytes> fetch(Item item) {
    return switch (item.kind()) {
      case AMD_CHAIN, AMD_VCEK, AMD_CRL -> amd.fetch(item);
      case INTEL_TCB_INFO, INTEL_QE_IDENTITY, INTEL_PCK_CRL, INTEL_ROOT_CRL -> intel.fetch(item);
    };
  }
}
