package org.sesemi.sdk.internal;

import java.security.Provider;
import org.conscrypt.Conscrypt;
import org.sesemi.crypto.CryptoProvider;

/**
 * The provider that seals and opens: the fast one where its library loads, else the JDK's. It is
 * handed over explicitly and never registered, so that TLS and verification stay with the JDK.
 */
public final class FastProvider {

  private FastProvider() {}

  /** {@return the provider} */
  public static CryptoProvider get() {
    try {
      Provider provider = Conscrypt.newProvider();
      return CryptoProvider.of(provider);
    } catch (LinkageError | RuntimeException e) {
      System.getLogger(FastProvider.class.getName())
          .log(System.Logger.Level.DEBUG, "the fast provider does not load here", e);
      return CryptoProvider.jdk();
    }
  }
}
