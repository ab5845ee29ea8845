package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import org.sesemi.attestation.Attester;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.Bytes;

/** How a client proves what it is. */
public sealed interface ClientIdentity {

  /** {@return the key of its certificate} */
  IdentityKey key();

  /**
   * An owner or a user: proves that it holds its identity key.
   *
   * @param key the identity key
   */
  record Party(IdentityKey key) implements ClientIdentity {

    /** Checks that the key is there. */
    public Party {
      requireNonNull(key, "key");
    }
  }

  /**
   * An enclave: proves what code it runs.
   *
   * @param key a key made for this launch and never stored
   * @param attester the platform it runs on
   * @param claims what it says about itself
   */
  record Enclave(IdentityKey key, Attester attester, Bytes claims) implements ClientIdentity {

    /** Checks that everything is there. */
    public Enclave {
      requireNonNull(key, "key");
      requireNonNull(attester, "attester");
      requireNonNull(claims, "claims");
    }
  }
}
