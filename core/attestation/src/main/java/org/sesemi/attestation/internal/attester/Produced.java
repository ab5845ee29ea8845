package org.sesemi.attestation.internal.attester;

import java.util.Arrays;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;

/** What attesters have in common: what they are given, and what they give back. */
final class Produced {

  private Produced() {}

  /** Refuses report data of another length than 64 bytes. */
  static byte[] checked(byte[] reportData) {
    if (reportData.length != Claims.REPORT_DATA_LENGTH) {
      throw new IllegalArgumentException("report data has 64 bytes, not " + reportData.length);
    }
    return reportData.clone();
  }

  /**
   * {@return evidence}
   *
   * @param documents the documents
   * @param main the name of the one that is signed and must hold the report data as they are
   * @throws AttestationException when it does not: somebody else asked in between
   */
  static Evidence evidence(
      PlatformKind platform, Documents documents, String main, byte[] reportData) {
    byte[] signed = documents.get(main).map(Bytes::toArray).orElseThrow();
    if (!holds(signed, reportData)) {
      throw unavailable(platform, "the evidence covers other report data than it was asked for");
    }
    return new Evidence(platform, Bytes.of(documents.encode()));
  }

  static AttestationException unavailable(PlatformKind platform, String message) {
    return new AttestationException(Code.PLATFORM_UNAVAILABLE, platform.text() + ": " + message);
  }

  private static boolean holds(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
