package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * A test quote of SGX (version 3) or TDX (versions 4 and 5): every field can be set, and the
 * signatures then cover what was set. Not thread-safe.
 */
public final class IntelQuote {

  private static final int QE_REPORT = 6;

  private final FieldBlock<IntelLayout.Header> header = new FieldBlock<>(IntelLayout.HEADER_LENGTH);
  private final FieldBlock<IntelLayout.Sgx> enclave = new FieldBlock<>(IntelLayout.SGX_LENGTH);
  private final FieldBlock<IntelLayout.Td> domain = new FieldBlock<>(IntelLayout.TD_1_5_LENGTH);
  private final FieldBlock<IntelLayout.Sgx> qe = new FieldBlock<>(IntelLayout.SGX_LENGTH);
  private final boolean tdx;
  private final int version;
  private int bodyType;
  private int bodyLength;
  private int declaredLength;
  private KeyPair attestationKeys = Authority.ecKeys("secp256r1");
  private byte[] qeAuthentication = new byte[32];
  private int outerType = QE_REPORT;
  private int certificationType = 5;
  private byte[] certification = new byte[0];
  private byte[] trailing = new byte[0];
  private int lengthError;
  private UnaryOperator<byte[]> attestationKeyChange = UnaryOperator.identity();
  private UnaryOperator<byte[]> signatureChange = UnaryOperator.identity();
  private UnaryOperator<byte[]> qeSignatureChange = UnaryOperator.identity();
  private UnaryOperator<byte[]> qeReportDataChange = UnaryOperator.identity();

  private IntelQuote(boolean tdx, int version) {
    this.tdx = tdx;
    this.version = version;
    bodyType = 3;
    bodyLength =
        !tdx
            ? IntelLayout.SGX_LENGTH
            : version == 5 ? IntelLayout.TD_1_5_LENGTH : IntelLayout.TD_1_0_LENGTH;
    declaredLength = bodyLength;
    header
        .set(IntelLayout.Header.VERSION, version)
        .set(IntelLayout.Header.KEY_TYPE, 2)
        .set(IntelLayout.Header.TEE_TYPE, tdx ? 0x81 : 0)
        .set(
            IntelLayout.Header.VENDOR, HexFormat.of().parseHex("939a7233f79c4ca9940a0db3957f0607"));
    qe.set(IntelLayout.Sgx.ATTRIBUTES, (byte) 0x15)
        .fill(IntelLayout.Sgx.MRENCLAVE, 0x31)
        .fill(IntelLayout.Sgx.MRSIGNER, 0x32)
        .set(IntelLayout.Sgx.ISVPRODID, tdx ? 2 : 1)
        .set(IntelLayout.Sgx.ISVSVN, 6);
    enclave
        .set(IntelLayout.Sgx.ATTRIBUTES, (byte) 5, (byte) 0, (byte) 0, (byte) 0)
        .fill(IntelLayout.Sgx.MRENCLAVE, 0x41)
        .fill(IntelLayout.Sgx.MRSIGNER, 0x42)
        .fill(IntelLayout.Sgx.REPORT_DATA, 0x43);
    domain
        .set(IntelLayout.Td.TEE_TCB_SVN, (byte) 6, (byte) 1, (byte) 3)
        .fill(IntelLayout.Td.MRSEAM, 0x51)
        .set(IntelLayout.Td.TDATTRIBUTES, 1L << 28)
        .set(IntelLayout.Td.XFAM, 0x618e7)
        .fill(IntelLayout.Td.MRTD, 0x52)
        .fill(IntelLayout.Td.REPORT_DATA, 0x53)
        .set(IntelLayout.Td.TEE_TCB_SVN_2, (byte) 6, (byte) 1, (byte) 3);
  }

  /** Begins an SGX quote of version 3. */
  static IntelQuote sgx() {
    return new IntelQuote(false, 3);
  }

  /** Begins a TDX quote of version 4 (TD report 1.0) or 5 (TD report 1.5). */
  static IntelQuote tdx(int version) {
    return new IntelQuote(true, version);
  }

  /** {@return the header, to change} */
  public FieldBlock<IntelLayout.Header> header() {
    return header;
  }

  /** {@return the report of the SGX enclave, to change} */
  public FieldBlock<IntelLayout.Sgx> enclave() {
    return enclave;
  }

  /** {@return the report of the trust domain, to change} */
  public FieldBlock<IntelLayout.Td> domain() {
    return domain;
  }

  /** {@return the report of the quoting enclave, to change; its report data is computed} */
  public FieldBlock<IntelLayout.Sgx> qe() {
    return qe;
  }

  /** Sets type, length and declared length of the body of a quote of version 5. */
  public IntelQuote body(int type, int length, int declared) {
    bodyType = type;
    bodyLength = length;
    declaredLength = declared;
    return this;
  }

  /** Sets the attestation key. */
  public IntelQuote attestationKeys(KeyPair keys) {
    attestationKeys = keys;
    return this;
  }

  /** Sets the bytes that the quoting enclave's report covers beside the key. */
  public IntelQuote qeAuthentication(byte[] value) {
    qeAuthentication = value.clone();
    return this;
  }

  /** Sets the type of the outer certification data of versions 4 and 5. */
  public IntelQuote outerType(int type) {
    outerType = type;
    return this;
  }

  /** Sets type and content of the certification data. */
  public IntelQuote certification(int type, byte[] content) {
    certificationType = type;
    certification = content.clone();
    return this;
  }

  /** Sets the certification data to a chain in PEM that ends in NUL. */
  IntelQuote chain(String pem) {
    return certification(5, (pem + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  /** Sets what follows the declared end. */
  public IntelQuote trailing(byte[] bytes) {
    trailing = bytes.clone();
    return this;
  }

  /** Makes the declared length of the signature section wrong by so many bytes. */
  public IntelQuote lengthError(int bytes) {
    lengthError = bytes;
    return this;
  }

  /** Changes the attestation key in the quote, after everything was signed. */
  public IntelQuote changeAttestationKey(UnaryOperator<byte[]> change) {
    attestationKeyChange = change;
    return this;
  }

  /** Changes the signature over the body. */
  public IntelQuote changeSignature(UnaryOperator<byte[]> change) {
    signatureChange = change;
    return this;
  }

  /** Changes the signature over the quoting enclave's report. */
  public IntelQuote changeQeSignature(UnaryOperator<byte[]> change) {
    qeSignatureChange = change;
    return this;
  }

  /** Changes the report data of the quoting enclave before it is signed. */
  public IntelQuote changeQeReportData(UnaryOperator<byte[]> change) {
    qeReportDataChange = change;
    return this;
  }

  /** {@return the quote, whose quoting enclave is certified by a key} */
  public byte[] sign(PrivateKey pck) {
    byte[] signed = signedPart();
    byte[] key = attestationKeyChange.apply(point(attestationKeys));
    byte[] hash = sha256(join(key, qeAuthentication));
    qe.set(IntelLayout.Sgx.REPORT_DATA, qeReportDataChange.apply(Arrays.copyOf(hash, 64)));
    byte[] certified =
        join(
            qe.toArray(),
            qeSignatureChange.apply(sign(pck, qe.toArray())),
            number(qeAuthentication.length, 2),
            qeAuthentication,
            number(certificationType, 2),
            number(certification.length, 4),
            certification);
    byte[] section =
        join(
            signatureChange.apply(sign(attestationKeys.getPrivate(), signed)),
            key,
            version == 3
                ? certified
                : join(number(outerType, 2), number(certified.length, 4), certified));
    return join(signed, number(section.length + (long) lengthError, 4), section, trailing);
  }

  private byte[] signedPart() {
    byte[] body = Arrays.copyOf(tdx ? domain.toArray() : enclave.toArray(), bodyLength);
    return version == 5
        ? join(header.toArray(), number(bodyType, 2), number(declaredLength, 4), body)
        : join(header.toArray(), body);
  }

  /** {@return a signature r and s over bytes} */
  static byte[] sign(PrivateKey key, byte[] bytes) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] point(KeyPair keys) {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    return join(coordinate(key.getW().getAffineX()), coordinate(key.getW().getAffineY()));
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] result = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, result, 32 - length, length);
    return result;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] number(long value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
