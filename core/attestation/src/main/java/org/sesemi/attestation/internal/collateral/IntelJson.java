package org.sesemi.attestation.internal.collateral;

import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.CollateralRequest.Intel;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.attestation.internal.intel.SignedJson;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/** Reads what the cache needs of Intel's signed JSON: signer, subject and dates. */
final class IntelJson implements SignedJsonReader {

  private static final Chain.Profile PROFILE = new Chain.Profile(Set.of("SHA256withECDSA"), 3);
  private static final int MAX_NUMBER = 1 << 30;

  @Override
  public Stamp read(Item item, byte[] document, List<X509Certificate> chain, Anchors.Set anchors) {
    boolean tcbInfo = item.kind() == Item.Kind.INTEL_TCB_INFO;
    String what = item.kind().document();
    SignedJson signed =
        SignedJson.parse(Bytes.of(document), tcbInfo ? "tcbInfo" : "enclaveIdentity");
    if (!signed.isSignedBy(signer(chain, anchors).getPublicKey())) {
      throw new Unreadable(what + " is not signed by its signer");
    }
    JsonFields fields = signed.fields(what);
    try {
      subject(item.intel(), tcbInfo, fields);
      Instant issued = instant(fields, "issueDate");
      return new Stamp(
          issued,
          instant(fields, "nextUpdate"),
          Optional.of(new Floor(fields.integer("tcbEvaluationDataNumber", 0, MAX_NUMBER), issued)));
    } catch (WireException e) {
      throw new Unreadable(what + " is not the JSON that is due: " + e.detail());
    }
  }

  private static X509Certificate signer(List<X509Certificate> chain, Anchors.Set anchors) {
    X509Certificate signer =
        chain.stream()
            .filter(certificate -> !X509.isSelfSigned(certificate))
            .filter(c -> Authenticator.hasCommonName(c, "Intel SGX TCB Signing"))
            .findFirst()
            .orElseThrow(() -> new Unreadable("the chain names no signer of TCB documents"));
    Chain path = Chain.build(signer, chain, anchors, PROFILE);
    if (path.problem().isPresent()) {
      throw new Unreadable("the chain of the signer: " + path.problem().get());
    }
    return signer;
  }

  private static void subject(Intel request, boolean tcbInfo, JsonFields fields) {
    boolean tdx = request.platform() == PlatformKind.TDX;
    String id = tcbInfo ? (tdx ? "TDX" : "SGX") : (tdx ? "TD_QE" : "QE");
    if (!fields.text("id").equals(id)) {
      throw new Unreadable("the document is not about " + id);
    }
    if (tcbInfo && !fields.text("fmspc").toLowerCase(Locale.ROOT).equals(request.fmspc().hex())) {
      throw new Unreadable("the TCB info is about another platform family");
    }
  }

  private static Instant instant(JsonFields fields, String name) {
    try {
      return Instant.parse(fields.text(name));
    } catch (DateTimeException e) {
      throw new Unreadable("the document has a " + name + " that is no instant");
    }
  }
}
