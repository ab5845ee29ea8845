package org.sesemi.attestation.internal.intel;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * Intel's description of its quoting enclave, version 2. Format: Intel Provisioning Certification
 * Service API, version 4.
 *
 * @param issued from when it is valid
 * @param nextUpdate until when
 * @param evaluationNumber how recent the evaluation is
 * @param miscSelect what MISCSELECT must be
 * @param miscSelectMask which of its bits count
 * @param attributes what the attributes must be
 * @param attributesMask which of their bits count
 * @param mrSigner the signer
 * @param productId the product
 * @param levels the levels, highest first
 */
public record QeIdentity(
    Instant issued,
    Instant nextUpdate,
    long evaluationNumber,
    Bytes miscSelect,
    Bytes miscSelectMask,
    Bytes attributes,
    Bytes attributesMask,
    Bytes mrSigner,
    int productId,
    List<TcbLevel<Integer>> levels) {

  private static final int VERSION = 2;

  /** Copies the list. */
  public QeIdentity {
    levels = List.copyOf(levels);
  }

  /**
   * Reads a signed value.
   *
   * @throws Unreadable when it is another kind, version or form
   */
  static QeIdentity parse(SignedJson json, boolean tdx) {
    try {
      JsonFields fields = json.fields("enclaveIdentity");
      TcbInfo.require(fields, "id", tdx ? "TD_QE" : "QE");
      fields.integer("version", VERSION, VERSION);
      return new QeIdentity(
          TcbInfo.instant(fields.text("issueDate")),
          TcbInfo.instant(fields.text("nextUpdate")),
          fields.integer("tcbEvaluationDataNumber", 0, Integer.MAX_VALUE),
          Octets.hex(fields.text("miscselect"), 4, "miscselect"),
          Octets.hex(fields.text("miscselectMask"), 4, "miscselectMask"),
          Octets.hex(fields.text("attributes"), 16, "attributes"),
          Octets.hex(fields.text("attributesMask"), 16, "attributesMask"),
          Octets.hex(fields.text("mrsigner"), 32, "mrsigner"),
          (int) fields.integer("isvprodid", 0, 0xffff),
          fields.objects("tcbLevels").stream().map(TcbLevel::enclave).toList());
    } catch (WireException e) {
      throw new Unreadable(e.detail());
    }
  }

  /** {@return the names of the fields in which an enclave is another one} */
  List<String> differences(SgxReport enclave) {
    List<String> names = new ArrayList<>();
    if (!miscSelect.equals(Octets.masked(enclave.miscSelect(), miscSelectMask))) {
      names.add("miscselect");
    }
    if (!attributes.equals(Octets.masked(enclave.attributes(), attributesMask))) {
      names.add("attributes");
    }
    if (!mrSigner.equals(enclave.mrSigner())) {
      names.add("mrsigner");
    }
    if (productId != enclave.productId()) {
      names.add("isvprodid");
    }
    return names;
  }
}
