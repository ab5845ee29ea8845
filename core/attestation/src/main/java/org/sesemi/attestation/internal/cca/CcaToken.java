package org.sesemi.attestation.internal.cca;

import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.cose.CborFields;
import org.sesemi.attestation.internal.cose.CborItem;
import org.sesemi.attestation.internal.cose.CoseSign1;

/**
 * A CCA token: what the platform says and what the realm manager says, each signed.
 *
 * @param platform the platform's part
 * @param realm the realm manager's part
 */
public record CcaToken(CoseSign1 platform, CoseSign1 realm) {

  /** The tag around a token. */
  public static final int TAG = 399;

  private static final int PLATFORM = 44234;
  private static final int REALM = 44241;

  /**
   * Reads a token.
   *
   * @throws Unreadable when it is none
   */
  public static CcaToken parse(byte[] encoded) {
    String what = "the token";
    CborFields parts = CborItem.parse(encoded, what).tagged(TAG, what).fields(what);
    CcaToken token =
        new CcaToken(
            part(parts.get(PLATFORM), "the platform token"),
            part(parts.get(REALM), "the realm token"));
    parts.finish();
    return token;
  }

  private static CoseSign1 part(CborItem part, String what) {
    return CoseSign1.read(CborItem.parse(part.bytes(what), what), what);
  }
}
