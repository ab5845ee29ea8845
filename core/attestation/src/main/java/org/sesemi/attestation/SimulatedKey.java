package org.sesemi.attestation;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.RandomSource;

/**
 * A signing key of the simulated platform: its root, or that of one launch.
 *
 * <p>It is a type of its own, so that no identity key of a party can sign as a platform. It names
 * the JDK's provider for every operation, so that no verdict depends on what else is registered.
 */
public final class SimulatedKey {

  /** The number of bytes of a public key. */
  public static final int PUBLIC_LENGTH = 32;

  /** The number of bytes of the seed that a key is made from. */
  public static final int SEED_LENGTH = 32;

  static final int SIGNATURE_LENGTH = 64;

  private static final String ALGORITHM = "Ed25519";
  private static final String PROVIDER = "SunEC";
  private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PrivateKey privateKey;
  private final Bytes publicKey;

  private SimulatedKey(PrivateKey privateKey, Bytes publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * {@return a fresh key}
   *
   * @param random where the seed comes from
   */
  public static SimulatedKey generate(RandomSource random) {
    byte[] seed = random.bytes(SEED_LENGTH);
    try {
      return ofSeed(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /**
   * {@return the key that a seed stands for}
   *
   * @param seed 32 secret bytes; the caller wipes them
   */
  public static SimulatedKey ofSeed(byte[] seed) {
    if (seed.length != SEED_LENGTH) {
      throw new IllegalArgumentException("a seed has 32 bytes, not " + seed.length);
    }
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance(ALGORITHM, PROVIDER)
              .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM, PROVIDER);
      generator.initialize(NamedParameterSpec.ED25519, new SeedAsRandom(seed));
      byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
      return new SimulatedKey(
          privateKey, Bytes.of(Arrays.copyOfRange(encoded, PUBLIC_PREFIX.length, encoded.length)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks Ed25519", e);
    }
  }

  /** {@return the raw public key, 32 bytes} */
  public Bytes publicKey() {
    return publicKey;
  }

  byte[] sign(byte[] domain, byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM, PROVIDER);
      signature.initSign(privateKey);
      signature.update(domain);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks Ed25519", e);
    }
  }

  /** Whether a signature is valid; anything malformed is not. */
  static boolean verify(Bytes publicKey, byte[] domain, byte[] message, byte[] signature) {
    byte[] encoded = new byte[PUBLIC_PREFIX.length + PUBLIC_LENGTH];
    if (publicKey.length() != PUBLIC_LENGTH || signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    System.arraycopy(PUBLIC_PREFIX, 0, encoded, 0, PUBLIC_PREFIX.length);
    System.arraycopy(publicKey.toArray(), 0, encoded, PUBLIC_PREFIX.length, PUBLIC_LENGTH);
    try {
      Signature verifier = Signature.getInstance(ALGORITHM, PROVIDER);
      verifier.initVerify(
          KeyFactory.getInstance(ALGORITHM, PROVIDER)
              .generatePublic(new X509EncodedKeySpec(encoded)));
      verifier.update(domain);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "SimulatedKey[" + publicKey + "]";
  }

  /**
   * Hands out the seed as if it were random: the JDK derives the public key of an Ed25519 private
   * key only while it generates a pair.
   */
  private static final class SeedAsRandom extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final transient byte[] seed;

    SeedAsRandom(byte[] seed) {
      super();
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] target) {
      if (target.length != seed.length) {
        throw new IllegalStateException("the JDK draws " + target.length + " bytes, not 32");
      }
      System.arraycopy(seed, 0, target, 0, seed.length);
    }
  }
}
