package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import org.sesemi.attestation.Claims;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.VerificationRecord;

/** Who is at the other end of an attested connection, as far as the channel has proved it. */
public sealed interface Peer {

  /** {@return the key in the peer's certificate, which the peer has proved to hold} */
  IdentityPublicKey publicKey();

  /**
   * A peer that proved to hold a key, and nothing else. What the key may do is for others to
   * decide.
   *
   * @param publicKey the key
   */
  record PartyPeer(IdentityPublicKey publicKey) implements Peer {

    /** Checks that the key is there. */
    public PartyPeer {
      requireNonNull(publicKey, "publicKey");
    }
  }

  /**
   * A peer that proved to be an enclave.
   *
   * @param claims what a verifier found to be true about it
   * @param claimsBytes what the enclave says about itself beyond that; its evidence covers it
   * @param publicKey the key that the enclave holds
   * @param record every check that was made
   */
  record EnclavePeer(
      Claims claims, Bytes claimsBytes, IdentityPublicKey publicKey, VerificationRecord record)
      implements Peer {

    /** Checks that everything is there. */
    public EnclavePeer {
      requireNonNull(claims, "claims");
      requireNonNull(claimsBytes, "claimsBytes");
      requireNonNull(publicKey, "publicKey");
      requireNonNull(record, "record");
    }
  }
}
