package org.sesemi.attestation.internal.intel;

import java.util.Arrays;
import java.util.Optional;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * A quote of version 3, 4 or 5, read by its declared lengths alone. Layout: Intel SGX ECDSA Quote
 * Library API and Intel TDX DCAP Quoting Library API, appendices A.
 *
 * @param header the first 48 bytes
 * @param enclave the report of an SGX enclave, or nothing
 * @param domain the report of a trust domain, or nothing
 * @param signed what the attestation key signs
 * @param signature its signature, r and s
 * @param attestationKey the key, x and y
 * @param qeReport the report of the quoting enclave
 * @param qeReportBytes the same, raw
 * @param qeSignature the signature of the PCK over that report
 * @param qeAuthentication bytes that the quoting enclave's report also covers
 * @param certification what certifies the PCK
 * @param trailing what follows the declared end
 */
public record Quote(
    QuoteHeader header,
    Optional<SgxReport> enclave,
    Optional<TdReport> domain,
    Bytes signed,
    Bytes signature,
    Bytes attestationKey,
    SgxReport qeReport,
    Bytes qeReportBytes,
    Bytes qeSignature,
    Bytes qeAuthentication,
    CertificationData certification,
    Bytes trailing) {

  /** The types of body that a quote of version 5 can declare. */
  public enum Body {
    /** An SGX enclave. */
    SGX(1, SgxReport.LENGTH),
    /** A trust domain, report 1.0. */
    TD_1_0(2, TdReport.LENGTH_1_0),
    /** A trust domain, report 1.5. */
    TD_1_5(3, TdReport.LENGTH_1_5);

    private final int number;
    private final int length;

    Body(int number, int length) {
      this.number = number;
      this.length = length;
    }

    /** {@return the type with a number, if it is known} */
    static Optional<Body> of(int number) {
      return Arrays.stream(values()).filter(body -> body.number == number).findFirst();
    }
  }

  /** {@return the number of the body's type that a quote of version 5 declares} */
  static int declaredBody(byte[] quote) {
    ByteInput in = ByteInput.littleEndian(quote, "the quote");
    in.skip(QuoteHeader.LENGTH);
    return in.u16();
  }

  /**
   * Reads a quote whose version and body are known ones.
   *
   * @throws Unreadable when a length does not fit
   */
  static Quote parse(byte[] quote, QuoteHeader header, Body body) {
    ByteInput in = ByteInput.littleEndian(quote, "the quote");
    in.skip(QuoteHeader.LENGTH);
    if (header.version() == 5) {
      in.skip(2);
      if (in.u32() != body.length) {
        throw new Unreadable("the body of the quote is declared with another length than its type");
      }
    }
    Bytes content = Bytes.of(in.bytes(body.length));
    Bytes signed = Bytes.of(Arrays.copyOf(quote, in.position()));
    ByteInput section = ByteInput.littleEndian(in.bytes(in.u32()), "the quote's signature section");
    Bytes signature = Bytes.of(section.bytes(64));
    Bytes attestationKey = Bytes.of(section.bytes(64));
    ByteInput qe = header.version() == 3 ? section : unwrapped(section);
    Bytes qeReport = Bytes.of(qe.bytes(SgxReport.LENGTH));
    Bytes qeSignature = Bytes.of(qe.bytes(64));
    Bytes qeAuthentication = Bytes.of(qe.bytes(qe.u16()));
    CertificationData certification = CertificationData.parse(qe);
    qe.finish();
    return new Quote(
        header,
        body == Body.SGX
            ? Optional.of(SgxReport.parse(content, "the enclave's report"))
            : Optional.empty(),
        body == Body.SGX ? Optional.empty() : Optional.of(TdReport.parse(content)),
        signed,
        signature,
        attestationKey,
        SgxReport.parse(qeReport, "the quoting enclave's report"),
        qeReport,
        qeSignature,
        qeAuthentication,
        certification,
        Bytes.of(in.rest()));
  }

  private static ByteInput unwrapped(ByteInput section) {
    int type = section.u16();
    if (type != CertificationData.QE_REPORT) {
      throw new Unreadable(
          "certification data has the type "
              + type
              + " where the quoting enclave's report, type 6, is due");
    }
    ByteInput wrapped =
        ByteInput.littleEndian(section.bytes(section.u32()), "the quote's certification data");
    section.finish();
    return wrapped;
  }

  /** {@return the 64 bytes of whoever is attested} */
  Bytes reportData() {
    return domain
        .map(TdReport::reportData)
        .or(() -> enclave.map(SgxReport::reportData))
        .orElseGet(Bytes::empty);
  }
}
