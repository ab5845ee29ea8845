package org.sesemi.vendors;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A test platform of the Arm Confidential Compute Architecture with one realm. Every method that
 * sets something returns this; the binding of the realm's key and both signatures are made when the
 * token is encoded. Not thread-safe.
 */
public final class CcaVendor {

  /** The older profile of a platform. */
  public static final String PLATFORM_OLD = "http://arm.com/CCA-SSD/1.0.0";

  /** The newer profile of a platform. */
  public static final String PLATFORM_2023 = "tag:arm.com,2023:cca_platform#1.0.0";

  /** The newer profile of a realm; the older one has no name. */
  public static final String REALM_2023 = "tag:arm.com,2023:realm#1.0.0";

  private static final int COORDINATE = 48;

  private final KeyPair platformKeys = Authority.ecKeys("secp384r1");
  private final KeyPair realmKeys = Authority.ecKeys("secp384r1");
  private final Map<Long, byte[]> platform = new LinkedHashMap<>();
  private final Map<Long, byte[]> realm = new LinkedHashMap<>();
  private final Map<Long, byte[]> parts = new LinkedHashMap<>();
  private UnaryOperator<CoseOut> platformMessage = message -> message;
  private UnaryOperator<CoseOut> realmMessage = message -> message;
  private String bindingHash = "SHA-256";
  private byte[] realmKey;
  private boolean bound = true;

  /** Makes a platform in the older form, with new keys. */
  public CcaVendor() {
    platform(265, out -> out.text(PLATFORM_OLD));
    platform(2396, out -> out.bytes(filled(32, 3)));
    platform(256, out -> out.raw(0x58, 33, 1).raw(filled(32, 4)));
    platform(2401, out -> out.bytes(filled(8, 5)));
    platform(2395, out -> out.integer(0x3001));
    platform(2402, out -> out.text("sha-256"));
    platform(2399, out -> out.array(1).raw(component()));
    platform(2400, out -> out.text("https://verifier.example"));
    realm(10, out -> out.bytes(filled(64, 6)));
    realm(44235, out -> out.bytes(filled(64, 7)));
    realm(44236, out -> out.text("sha-256"));
    realm(44238, out -> out.bytes(filled(32, 8)));
    realm(
        44239,
        out ->
            out.array(4)
                .bytes(filled(32, 9))
                .bytes(new byte[32])
                .bytes(new byte[32])
                .bytes(new byte[32]));
    realm(44240, out -> out.text("sha-256"));
    realmKey = point();
  }

  /** {@return a component with good fields} */
  public static byte[] component() {
    return new CborOut()
        .map(5)
        .integer(1)
        .text("BL")
        .integer(5)
        .bytes(filled(32, 1))
        .integer(4)
        .text("1.0")
        .integer(2)
        .bytes(filled(32, 2))
        .integer(6)
        .text("sha-256")
        .toBytes();
  }

  /** {@return bytes that are all the same} */
  public static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** Changes to the newer form of both parts. */
  public CcaVendor newer() {
    platform(265, out -> out.text(PLATFORM_2023));
    realm(265, out -> out.text(REALM_2023));
    return realmKey(coseKey());
  }

  /** Sets a claim of the platform to any item. */
  public CcaVendor platform(long key, Consumer<CborOut> value) {
    return put(platform, key, value);
  }

  /** Sets a claim of the realm to any item. */
  public CcaVendor realm(long key, Consumer<CborOut> value) {
    return put(realm, key, value);
  }

  /** Takes a claim of the platform away. */
  public CcaVendor withoutPlatform(long key) {
    platform.remove(key);
    return this;
  }

  /** Takes a claim of the realm away. */
  public CcaVendor withoutRealm(long key) {
    realm.remove(key);
    return this;
  }

  /** Adds a part to the token beside platform and realm. */
  public CcaVendor part(long key, byte[] item) {
    parts.put(key, item.clone());
    return this;
  }

  /** Sets the bytes of the claim with the realm's key. */
  public CcaVendor realmKey(byte[] claim) {
    realmKey = claim.clone();
    return this;
  }

  /** Sets by which hash the platform binds the realm's key. */
  public CcaVendor bindingHash(String algorithm, String name) {
    bindingHash = algorithm;
    return realm(44240, out -> out.text(name));
  }

  /** Leaves the platform's challenge as it was set. */
  public CcaVendor unbound(byte[] challenge) {
    bound = false;
    return platform(10, out -> out.bytes(challenge));
  }

  /** Changes the platform's message before it is signed. */
  public CcaVendor platformMessage(UnaryOperator<CoseOut> change) {
    platformMessage = change;
    return this;
  }

  /** Changes the realm's message before it is signed. */
  public CcaVendor realmMessage(UnaryOperator<CoseOut> change) {
    realmMessage = change;
    return this;
  }

  /** {@return the realm's key as an uncompressed point} */
  public byte[] point() {
    byte[] spki = realmKeys.getPublic().getEncoded();
    return Arrays.copyOfRange(spki, spki.length - 1 - 2 * COORDINATE, spki.length);
  }

  /** {@return the realm's key as a COSE_Key} */
  public byte[] coseKey() {
    byte[] point = point();
    return new CborOut()
        .map(4)
        .integer(1)
        .integer(2)
        .integer(-1)
        .integer(2)
        .integer(-2)
        .bytes(Arrays.copyOfRange(point, 1, 1 + COORDINATE))
        .integer(-3)
        .bytes(Arrays.copyOfRange(point, 1 + COORDINATE, point.length))
        .toBytes();
  }

  /** {@return the platform's key} */
  public PublicKey platformKey() {
    return platformKeys.getPublic();
  }

  /** {@return the realm's key} */
  public ECPublicKey realmPublicKey() {
    return (ECPublicKey) realmKeys.getPublic();
  }

  /** {@return a public key as PEM text} */
  public static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** {@return the token} */
  public byte[] encode() {
    realm(44237, out -> out.bytes(realmKey));
    if (bound) {
      platform(10, out -> out.bytes(hash(bindingHash, realmKey)));
    }
    byte[] platformToken =
        platformMessage
            .apply(new CoseOut(encode(platform)).tagged(true))
            .encode(platformKeys.getPrivate());
    byte[] realmToken =
        realmMessage.apply(new CoseOut(encode(realm)).tagged(true)).encode(realmKeys.getPrivate());
    CborOut out =
        new CborOut()
            .tag(399)
            .map(2L + parts.size())
            .integer(44234)
            .bytes(platformToken)
            .integer(44241)
            .bytes(realmToken);
    parts.forEach((key, item) -> out.integer(key).raw(item));
    return out.toBytes();
  }

  private CcaVendor put(Map<Long, byte[]> claims, long key, Consumer<CborOut> value) {
    CborOut out = new CborOut();
    value.accept(out);
    claims.put(key, out.toBytes());
    return this;
  }

  private static byte[] encode(Map<Long, byte[]> claims) {
    CborOut out = new CborOut().map(claims.size());
    claims.forEach((key, item) -> out.integer(key).raw(item));
    return out.toBytes();
  }

  private static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
