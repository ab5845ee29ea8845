package org.sesemi.attestation.internal.snp;

import java.security.cert.X509CRL;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;

/** What came about revocation. */
public sealed interface SnpRevocation {

  /** No list came. Revocation is not judged, and a claim says so. */
  record None() implements SnpRevocation {}

  /**
   * Something came that is no list.
   *
   * @param why what it is not
   */
  record Broken(Unreadable why) implements SnpRevocation {}

  /**
   * A list came. It is not believed yet.
   *
   * @param list the list
   */
  record Listed(X509CRL list) implements SnpRevocation {}

  /** {@return what documents hold under the name {@code crl.der}} */
  static SnpRevocation of(Documents documents) {
    return documents
        .get("crl.der")
        .<SnpRevocation>map(
            der -> {
              try {
                return new Listed(X509.readCrl(der.toArray(), "crl.der"));
              } catch (Unreadable e) {
                return new Broken(e);
              }
            })
        .orElseGet(None::new);
  }
}
