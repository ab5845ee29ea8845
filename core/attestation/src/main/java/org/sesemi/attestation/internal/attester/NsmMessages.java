package org.sesemi.attestation.internal.attester;

import java.io.ByteArrayOutputStream;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.cose.CborFields;
import org.sesemi.attestation.internal.cose.CborHead;
import org.sesemi.attestation.internal.cose.CborItem;

/**
 * Question and answer of the security module, in CBOR: a map with the name of the one variant.
 * Source: AWS Nitro Enclaves NSM API, Request and Response.
 */
final class NsmMessages {

  private static final String ATTESTATION = "Attestation";
  private static final int NULL = 0xf6;

  private NsmMessages() {}

  /** {@return a request for a document with a nonce and nothing else of the caller's} */
  static byte[] request(byte[] nonce) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CborHead.map(out, 1);
    CborHead.text(out, ATTESTATION);
    CborHead.map(out, 3);
    CborHead.text(out, "user_data");
    out.write(NULL);
    CborHead.text(out, "nonce");
    CborHead.bytes(out, nonce);
    CborHead.text(out, "public_key");
    out.write(NULL);
    return out.toByteArray();
  }

  /**
   * {@return the document of an answer}
   *
   * @throws Unreadable when the module says that something is wrong, or answers something else
   */
  static byte[] document(byte[] answer) {
    String what = "the answer of the device";
    CborFields variant = CborItem.parse(answer, what).fields(what);
    variant
        .optional("Error")
        .ifPresent(
            error -> {
              throw new Unreadable("the device says " + error.name("the error"));
            });
    CborFields attestation = variant.get(ATTESTATION).fields(what);
    variant.finish();
    byte[] document = attestation.get("document").bytes(what);
    attestation.finish();
    return document;
  }
}
