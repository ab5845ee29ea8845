package org.sesemi.attestation.internal.collateral;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.sesemi.attestation.CollateralRequest.Intel;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * Intel's provisioning certification service, version 4 of its interface. The chain of whoever
 * signed an answer comes percent-encoded in a header of it.
 */
final class IntelPcs implements ItemSource {

  private static final String TCB_CHAIN = "TCB-Info-Issuer-Chain";
  private static final String QE_CHAIN = "SGX-Enclave-Identity-Issuer-Chain";
  private static final String CRL_CHAIN = "SGX-PCK-CRL-Issuer-Chain";

  private final WebClient web;
  private final URI api;
  private final URI certificates;

  IntelPcs(WebClient web, URI api, URI certificates) {
    this.web = web;
    this.api = api;
    this.certificates = certificates;
  }

  @Override
  public Map<String, Bytes> fetch(Item item) {
    Intel request = item.intel();
    String base = "/" + request.platform().text() + "/certification/v4/";
    return switch (item.kind()) {
      case INTEL_TCB_INFO ->
          withChain(
              item,
              base
                  + "tcb?fmspc="
                  + request.fmspc().hex().toUpperCase(Locale.ROOT)
                  + "&update=standard",
              TCB_CHAIN,
              Item.SIGNING_CHAIN);
      case INTEL_QE_IDENTITY ->
          withChain(item, base + "qe/identity?update=standard", QE_CHAIN, Item.SIGNING_CHAIN);
      case INTEL_PCK_CRL ->
          withChain(
              item,
              "/sgx/certification/v4/pckcrl?ca=" + request.authority().text() + "&encoding=der",
              CRL_CHAIN,
              Item.PCK_CRL_CHAIN);
      case INTEL_ROOT_CRL ->
          Map.of(
              item.kind().document(),
              web.get(certificates.resolve("/IntelSGXRootCA.der"), "").body());
      case AMD_CHAIN, AMD_VCEK, AMD_CRL ->
          throw new IllegalArgumentException(item.key() + " is not of Intel");
    };
  }

  private Map<String, Bytes> withChain(Item item, String path, String header, String chain) {
    WebClient.Answer answer = web.get(api.resolve(path), header);
    String encoded =
        answer
            .header()
            .orElseThrow(() -> Unavailable.because(api.getHost() + " answers without " + header));
    try {
      return Map.of(item.kind().document(), answer.body(), chain, decode(encoded));
    } catch (Unreadable e) {
      throw Unavailable.because(api.getHost() + " answers with a wrong " + header, e);
    }
  }

  /** Decodes percent escapes only: a plus sign is a digit of base64 here, not a space. */
  private static Bytes decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw new Unreadable("the header is not ASCII");
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      if (i + 2 >= text.length()
          || !HexFormat.isHexDigit(text.charAt(i + 1))
          || !HexFormat.isHexDigit(text.charAt(i + 2))) {
        throw new Unreadable("the header has a percent sign without two digits");
      }
      bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
      i += 2;
    }
    return Bytes.of(bytes.toByteArray());
  }
}
