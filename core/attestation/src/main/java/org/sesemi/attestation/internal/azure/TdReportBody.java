package org.sesemi.attestation.internal.azure;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The fields that a TD report and a TD quote have in common, in the order of the quote's body. The
 * TD report's own authentication can be checked only on the machine it was made on, so nothing else
 * of it counts.
 */
final class TdReportBody {

  private static final int LENGTH = 584;
  private static final int REPORT_LENGTH = 1024;
  private static final int MODULE = 264;
  private static final int MODULE_LENGTH = 120;
  private static final int DOMAIN = 512;
  private static final int DOMAIN_LENGTH = 400;
  private static final int REPORT_DATA = 128;
  private static final int REPORT_DATA_LENGTH = 64;
  private static final int BODY_V4 = 48;
  private static final int BODY_V5 = 54;

  private TdReportBody() {}

  /** {@return the fields of a TD report} */
  static byte[] ofReport(byte[] report) {
    if (report.length != REPORT_LENGTH) {
      return new byte[0];
    }
    return ByteBuffer.allocate(LENGTH)
        .put(report, MODULE, MODULE_LENGTH)
        .put(report, DOMAIN, DOMAIN_LENGTH)
        .put(report, REPORT_DATA, REPORT_DATA_LENGTH)
        .array();
  }

  /** {@return the fields of a TD quote of version 4 or 5; nothing when it is too short} */
  static byte[] ofQuote(byte[] quote) {
    int from = quote.length > 0 && quote[0] == 5 ? BODY_V5 : BODY_V4;
    return quote.length < from + LENGTH
        ? new byte[0]
        : Arrays.copyOfRange(quote, from, from + LENGTH);
  }
}
