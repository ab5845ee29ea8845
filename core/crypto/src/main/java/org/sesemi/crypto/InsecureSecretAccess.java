package org.sesemi.crypto;

/**
 * The way to raw secrets. Whoever calls it promises that the bytes go into another protected form,
 * never into a log, an argument, an environment variable or an unprotected file.
 */
public final class InsecureSecretAccess {

  private InsecureSecretAccess() {}

  /** {@return the capability} */
  public static SecretKeyAccess get() {
    return SecretKeyAccess.INSTANCE;
  }
}
