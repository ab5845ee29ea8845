package org.sesemi.crypto;

/**
 * A capability to read raw secret bytes. It exists so that every place that touches a raw secret
 * can be found by searching for the one way to get it, {@link InsecureSecretAccess#get()}.
 */
public final class SecretKeyAccess {

  static final SecretKeyAccess INSTANCE = new SecretKeyAccess();

  private SecretKeyAccess() {}
}
