package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.sesemi.attestation.Attester;
import org.sesemi.crypto.IdentityKey;

/**
 * How a server proves what it is.
 *
 * @param key the key of its certificates, made for this launch and never stored
 * @param attester the platform it runs on
 * @param claims what it says about itself, asked for each connection
 */
public record ServerIdentity(IdentityKey key, Attester attester, Supplier<byte[]> claims) {

  /** Checks that everything is there. */
  public ServerIdentity {
    requireNonNull(key, "key");
    requireNonNull(attester, "attester");
    requireNonNull(claims, "claims");
  }
}
