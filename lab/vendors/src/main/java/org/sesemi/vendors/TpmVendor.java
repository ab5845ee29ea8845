package org.sesemi.vendors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/**
 * A maker of TPMs with one TPM: a root, an issuer, an endorsement key with its certificate, an
 * attestation key below it, registers, and a quote over them. Every field of the quote can be set;
 * what is left at its beginning fits the rest. Not thread-safe.
 */
public final class TpmVendor {

  /** The endorsement hierarchy. */
  public static final long ENDORSEMENT = 0x4000000bL;

  private static final String TPM = "2.23.133.2.";

  /** One bank of a selection. */
  public static final class Bank {
    final int hash;
    final byte[] bitmap;

    /** Selects registers of a bank. */
    public Bank(int hash, int bitmapLength, int... registers) {
      this.hash = hash;
      this.bitmap = new byte[bitmapLength];
      for (int register : registers) {
        bitmap[register / 8] |= (byte) (1 << (register % 8));
      }
    }
  }

  /** The root. */
  public final Authority root;

  /** Who issues certificates of endorsement keys. */
  public final Authority issuer;

  /** The endorsement key. */
  public final TpmKey ek;

  /** What the certificate of the endorsement key says. */
  public final CertificateSpec ekCertificate;

  /** The attestation key. */
  public TpmKey ak;

  /** The registers that are quoted, with their values. */
  public final TreeMap<Integer, byte[]> pcrs = new TreeMap<>();

  /** TPM_GENERATED_VALUE. */
  public long magic = 0xff544347L;

  /** TPM_ST_ATTEST_QUOTE. */
  public int type = 0x8018;

  /** The qualified name of the attestation key; that below the endorsement key when not set. */
  public byte @Nullable [] qualifiedSigner;

  /** The caller's bytes. */
  public byte[] extraData = new byte[32];

  /** The clock in milliseconds. */
  public long clock = 123456;

  /** How often the TPM was reset. */
  public long resetCount = 3;

  /** How often it was resumed. */
  public long restartCount;

  /** Whether the clock is safe: 0 or 1. */
  public int safe = 1;

  /** The firmware's version. */
  public long firmwareVersion = 0x2019102300163636L;

  /** The selection; one SHA-256 bank with {@link #pcrs} when not set. */
  public @Nullable List<Bank> selection;

  /** The digest of the registers; the right one when not set. */
  public byte @Nullable [] pcrDigest;

  /** What follows the quote. */
  public byte[] trailing = {};

  /** The scheme of the signature; that of the key when not set. */
  public @Nullable Integer signatureScheme;

  /** The hash algorithm of the signature; that of the key when not set. */
  public @Nullable Integer signatureHash;

  /** Makes a TPM of given pairs, which tests make once because RSA keys take their time. */
  public TpmVendor(KeyPair ekPair, KeyPair akPair, int scheme) {
    this.root =
        Authority.root("CN=Test TPM root", Authority.ecKeys("secp256r1"), "SHA256withECDSA");
    KeyPair issuerKeys = Authority.ecKeys("secp256r1");
    this.issuer =
        root.intermediate(
            CertificateSpec.authority("CN=Test TPM issuer", issuerKeys.getPublic()),
            issuerKeys,
            "SHA256withECDSA");
    this.ek = TpmKey.endorsement(ekPair);
    this.ekCertificate = certificate(ekPair.getPublic());
    this.ak = TpmKey.attestation(akPair, scheme);
    for (int i = 0; i < 24; i++) {
      pcrs.put(i, TpmBytes.digest(TpmKey.SHA256, new byte[] {(byte) i}));
    }
    extraData[0] = 1;
  }

  /** {@return what the certificate of an endorsement key says} */
  public static CertificateSpec certificate(PublicKey key) {
    try {
      return CertificateSpec.leaf("CN=Test EK", key)
          .keyUsage(key instanceof RSAPublicKey ? KeyUsage.keyEncipherment : KeyUsage.keyAgreement)
          .extension(
              "2.5.29.37",
              false,
              new ExtendedKeyUsage(
                      KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.23.133.8.1")))
                  .getEncoded())
          .extension("2.5.29.17", true, names("id:54455354", "test-tpm", "id:00010002"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] names(String manufacturer, String model, String version)
      throws IOException {
    X500Name name =
        new X500NameBuilder()
            .addRDN(new ASN1ObjectIdentifier(TPM + 1), new DERUTF8String(manufacturer))
            .addRDN(new ASN1ObjectIdentifier(TPM + 2), new DERUTF8String(model))
            .addRDN(new ASN1ObjectIdentifier(TPM + 3), new DERUTF8String(version))
            .build();
    return new DERSequence(
            GeneralNames.getInstance(new GeneralNames(new GeneralName(name))).getNames())
        .getEncoded();
  }

  /** {@return the quote} */
  public byte[] message() {
    TpmBytes out =
        new TpmBytes()
            .number(magic, 4)
            .number(type, 2)
            .sized(
                qualifiedSigner == null
                    ? ak.qualifiedName(ek.qualifiedName(ENDORSEMENT))
                    : qualifiedSigner)
            .sized(extraData)
            .number(clock, 8)
            .number(resetCount, 4)
            .number(restartCount, 4)
            .number(safe, 1)
            .number(firmwareVersion, 8);
    List<Bank> banks =
        selection == null
            ? List.of(
                new Bank(
                    TpmKey.SHA256, 3, pcrs.keySet().stream().mapToInt(Integer::intValue).toArray()))
            : selection;
    out.number(banks.size(), 4);
    for (Bank bank : banks) {
      out.number(bank.hash, 2).number(bank.bitmap.length, 1).raw(bank.bitmap);
    }
    int hash = signatureHash == null ? ak.schemeHash : signatureHash;
    return out.sized(pcrDigest == null ? TpmBytes.digest(hash, values()) : pcrDigest)
        .raw(trailing)
        .bytes();
  }

  /** {@return the values of the registers one after another} */
  public byte[] values() {
    TpmBytes all = new TpmBytes();
    pcrs.values().forEach(all::raw);
    return all.bytes();
  }

  /** {@return the signature of a quote} */
  public byte[] signature(byte[] message) {
    return ak.sign(
        message,
        signatureScheme == null ? ak.scheme : signatureScheme,
        signatureHash == null ? ak.schemeHash : signatureHash);
  }

  /** {@return all documents by their file names} */
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] message = message();
    files.put("quote.msg", message);
    files.put("quote.sig", signature(message));
    files.put("ak.tpm2b_public", ak.sizedArea());
    files.put("ak.pem", pem(ak.pair.getPublic()).getBytes(StandardCharsets.US_ASCII));
    files.put("pcrs.bin", values());
    files.put("ek_cert.der", Authority.der(issuer.issue(ekCertificate)));
    files.put(
        "ek_issuer.pem", Authority.pem(issuer.certificate()).getBytes(StandardCharsets.US_ASCII));
    files.put("ek_root.pem", Authority.pem(root.certificate()).getBytes(StandardCharsets.US_ASCII));
    return files;
  }

  /** {@return a public key as PEM text} */
  public static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}
