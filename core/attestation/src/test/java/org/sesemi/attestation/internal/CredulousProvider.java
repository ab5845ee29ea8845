package org.sesemi.attestation.internal;

import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureSpi;

/** A security provider for which every ECDSA signature is right. */
final class CredulousProvider extends Provider {

  private static final long serialVersionUID = 1L;
  private static final String NAME = "Credulous";

  private CredulousProvider() {
    super(NAME, "1", "believes everything");
    for (String format : new String[] {"", "inP1363Format"}) {
      put("Signature.SHA256withECDSA" + format, Believer.class.getName());
    }
  }

  /** Runs a task while this provider is the first one to be asked. */
  static void first(Runnable task) {
    Security.insertProviderAt(new CredulousProvider(), 1);
    try {
      task.run();
    } finally {
      Security.removeProvider(NAME);
    }
  }

  /** Verifies without looking, and signs nothing. */
  public static final class Believer extends SignatureSpi {

    /** For the provider. */
    public Believer() {}

    @Override
    protected void engineInitVerify(PublicKey key) {}

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
      throw new InvalidKeyException("it only believes");
    }

    @Override
    protected void engineUpdate(byte value) {}

    @Override
    protected void engineUpdate(byte[] values, int from, int length) {}

    @Override
    protected byte[] engineSign() {
      return new byte[0];
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return true;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {}

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException(name);
    }
  }
}
