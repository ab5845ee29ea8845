package org.sesemi.attestation;

import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;

/**
 * Evidence of the simulated platform in parts: a signed report and the signed certificate of the
 * launch that it is about. The form is known here and nowhere else.
 *
 * @param report the signed {@link SimulatedReport}
 * @param certificate the signed {@link SimulatedLaunchCertificate}
 */
record SimulatedQuote(Signed report, Signed certificate) {

  private static final int MAX_PART = 8192;

  Evidence toEvidence() {
    byte[] encoded =
        CborMap.versioned().put(1, report.encode()).put(2, certificate.encode()).build().encode();
    return new Evidence(PlatformKind.SIMULATED, Bytes.of(encoded));
  }

  static SimulatedQuote decode(Bytes evidence) {
    CborReader reader = CborReader.versioned(evidence.toBuffer());
    byte[] report = reader.bytes(1, 1, MAX_PART);
    byte[] certificate = reader.bytes(2, 1, MAX_PART);
    reader.finish();
    return new SimulatedQuote(Signed.decode(report), Signed.decode(certificate));
  }
}
