package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.WireException;

/**
 * An Ed25519 signing key: who an owner, a user, an instance or a cluster is.
 *
 * <p>Guarantees: see {@link SecretBytes}; printing shows the public key only. Deterministic
 * signatures as in RFC 8032. Thread-safe.
 */
public final class IdentityKey implements AutoCloseable {

  /** The number of bytes of the seed that a key is made of. */
  public static final int SEED_LENGTH = 32;

  /** The number of bytes of a signature. */
  public static final int SIGNATURE_LENGTH = 64;

  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final SecretBytes seed;
  private final IdentityPublicKey publicKey;
  private final CryptoProvider provider;
  private final PrivateKey signingKey;

  private IdentityKey(SecretBytes seed, IdentityPublicKey publicKey, CryptoProvider provider) {
    this.seed = seed;
    this.publicKey = publicKey;
    this.provider = requireNonNull(provider, "provider");
    this.signingKey = privateKey(seed, provider);
  }

  /**
   * Makes the key of a seed.
   *
   * @param seed 32 bytes; closing the key closes the seed
   * @return the key, signing with the JDK's implementation
   */
  public static IdentityKey ofSeed(SecretBytes seed) {
    if (seed.length() != SEED_LENGTH) {
      throw new CryptoException(
          CryptoException.Code.KEY_MALFORMED, "a seed has 32 bytes, not " + seed.length());
    }
    return new IdentityKey(seed, derivePublic(seed), CryptoProvider.jdk());
  }

  /**
   * Draws a new key.
   *
   * @param random the source
   * @return the key
   */
  public static IdentityKey generate(RandomSource random) {
    return ofSeed(SecretBytes.random(random, SEED_LENGTH));
  }

  /**
   * Returns the same key, signing with another provider.
   *
   * @param other the provider
   * @return a key that shares the seed with this one
   */
  public IdentityKey with(CryptoProvider other) {
    return new IdentityKey(seed, publicKey, other);
  }

  /** {@return the public half} */
  public IdentityPublicKey publicKey() {
    return publicKey;
  }

  /** {@return the party that this key is} */
  public PartyId id() {
    return publicKey.id();
  }

  /**
   * Signs a message.
   *
   * @param message what to sign
   * @return 64 bytes
   */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = provider.ed25519();
      signature.initSign(signingKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Ed25519 cannot sign", impossible);
    }
  }

  /**
   * Returns the key in the JDK's form, for TLS.
   *
   * @param access the capability
   * @return the private key
   */
  public PrivateKey toJdk(SecretKeyAccess access) {
    requireNonNull(access, "access");
    return privateKey(seed, CryptoProvider.jdk());
  }

  /**
   * Encodes the key for a private file.
   *
   * @param access the capability
   * @return CBOR {0: 1, 1: seed}
   */
  public byte[] encode(SecretKeyAccess access) {
    return seed.use(access, bytes -> CborMap.versioned().put(1, bytes).build().encode());
  }

  /**
   * Decodes a key.
   *
   * @param encoded what {@link #encode} gave
   * @return the key
   * @throws CryptoException with {@code key.malformed} or {@code key.version-unknown} for anything
   *     else
   */
  public static IdentityKey decode(byte[] encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      byte[] seed = reader.bytes(1, SEED_LENGTH);
      reader.finish();
      return ofSeed(SecretBytes.takeOver(seed));
    } catch (WireException malformed) {
      throw CryptoException.parsing(
          CryptoException.Code.KEY_MALFORMED,
          CryptoException.Code.KEY_VERSION_UNKNOWN,
          "the identity key",
          malformed);
    }
  }

  @Override
  public void close() {
    seed.close();
  }

  @Override
  public String toString() {
    return "IdentityKey[" + publicKey + "]";
  }

  private static PrivateKey privateKey(SecretBytes seed, CryptoProvider provider) {
    return seed.use(
        InsecureSecretAccess.get(),
        bytes -> {
          byte[] pkcs8 = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_LENGTH);
          System.arraycopy(bytes, 0, pkcs8, PKCS8_PREFIX.length, SEED_LENGTH);
          try {
            return provider.ed25519Keys().generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
          } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 keys are not usable", impossible);
          } finally {
            Arrays.fill(pkcs8, (byte) 0);
          }
        });
  }

  /** The JDK derives public keys only while it generates pairs, so it generates from our seed. */
  private static IdentityPublicKey derivePublic(SecretBytes seed) {
    return seed.use(
        InsecureSecretAccess.get(),
        bytes -> {
          try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(bytes));
            return IdentityPublicKey.of(generator.generateKeyPair().getPublic());
          } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Ed25519 is not usable", impossible);
          }
        });
  }

  /** Gives the seed as the only random bytes; a generator that asks for others fails. */
  private static final class FixedRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final transient byte[] seed;

    FixedRandom(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] target) {
      if (target.length != seed.length) {
        throw new IllegalStateException("the generator asked for " + target.length + " bytes");
      }
      System.arraycopy(seed, 0, target, 0, seed.length);
    }
  }
}
