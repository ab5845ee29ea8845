package org.sesemi.attestation.internal.tpm;

import java.util.Locale;
import java.util.Map;

/** Response codes of TPMs in words (Part 2, 6.6). */
final class TpmResponseCode {

  private static final int FORMAT_ONE = 0x080;
  private static final int WARNING = 0x900;
  private static final int VERSION_TWO = 0x100;

  /** Errors about a handle, a session or a parameter. */
  private static final Map<Integer, String> ABOUT =
      Map.ofEntries(
          Map.entry(0x01, "asymmetric algorithm not supported"),
          Map.entry(0x02, "inconsistent attributes"),
          Map.entry(0x03, "hash algorithm not supported or not appropriate"),
          Map.entry(0x04, "value out of range or not correct for the context"),
          Map.entry(0x05, "hierarchy not enabled or not correct"),
          Map.entry(0x07, "key size not supported"),
          Map.entry(0x0a, "type of the value not appropriate"),
          Map.entry(0x0b, "handle not correct for the use, or nothing there"),
          Map.entry(0x0d, "value out of allowed range"),
          Map.entry(0x0e, "authorisation failed, and the failure counts"),
          Map.entry(0x0f, "nonce of wrong size or value"),
          Map.entry(0x12, "unsupported or incompatible scheme"),
          Map.entry(0x15, "structure of wrong size"),
          Map.entry(0x16, "unsupported symmetric algorithm"),
          Map.entry(0x17, "incorrect structure tag"),
          Map.entry(0x18, "union selector incorrect"),
          Map.entry(0x1a, "too few bytes in the command"),
          Map.entry(0x1b, "signature not valid"),
          Map.entry(0x1c, "key fields not compatible with the use"),
          Map.entry(0x1d, "policy check failed"),
          Map.entry(0x1f, "integrity check failed"),
          Map.entry(0x21, "reserved bits set"),
          Map.entry(0x22, "authorisation failed"),
          Map.entry(0x23, "policy expired"),
          Map.entry(0x24, "command not the one in the policy"),
          Map.entry(0x26, "curve not supported"),
          Map.entry(0x27, "point not on the curve"));

  /** Other errors. */
  private static final Map<Integer, String> ERRORS =
      Map.ofEntries(
          Map.entry(0x00, "not started, or started already"),
          Map.entry(0x01, "the TPM is in failure mode"),
          Map.entry(0x20, "command disabled"),
          Map.entry(0x21, "exclusive session used elsewhere"),
          Map.entry(0x24, "authorisation value not appropriate"),
          Map.entry(0x25, "authorisation session missing"),
          Map.entry(0x26, "policy in the wrong state"),
          Map.entry(0x27, "register check failed"),
          Map.entry(0x28, "registers changed meanwhile"),
          Map.entry(0x2d, "upgrade in progress"),
          Map.entry(0x2f, "no authorisation possible: the needed state is missing"),
          Map.entry(0x42, "command has a wrong size"),
          Map.entry(0x43, "command not implemented"),
          Map.entry(0x44, "sessions of the command in wrong order or of wrong size"),
          Map.entry(0x45, "command does not take authorisations"),
          Map.entry(0x46, "offset outside of the index"),
          Map.entry(0x47, "more bytes than the index has"),
          Map.entry(0x48, "index is locked"),
          Map.entry(0x49, "index may not be used with this authorisation"),
          Map.entry(0x4a, "index not written yet"),
          Map.entry(0x4b, "not enough non-volatile memory"),
          Map.entry(0x4c, "index defined already"),
          Map.entry(0x52, "parent does not fit"),
          Map.entry(0x55, "private part not consistent with the public one"));

  /** Warnings: the command may succeed later. */
  private static final Map<Integer, String> WARNINGS =
      Map.ofEntries(
          Map.entry(0x01, "a context gap"),
          Map.entry(0x02, "out of memory for objects; flush some"),
          Map.entry(0x03, "out of memory for sessions; flush some"),
          Map.entry(0x04, "out of memory"),
          Map.entry(0x05, "out of session handles; flush a session"),
          Map.entry(0x06, "out of object handles"),
          Map.entry(0x07, "bad locality"),
          Map.entry(0x08, "suspended; repeat the command"),
          Map.entry(0x09, "cancelled"),
          Map.entry(0x0a, "testing itself; repeat the command"),
          Map.entry(0x10, "the first handle is not loaded"),
          Map.entry(0x11, "the second handle is not loaded"),
          Map.entry(0x18, "the first session is not loaded"),
          Map.entry(0x20, "non-volatile memory is used too often; repeat later"),
          Map.entry(0x21, "locked out after wrong authorisations"),
          Map.entry(0x22, "busy; repeat the command"),
          Map.entry(0x23, "non-volatile memory not available now"));

  private TpmResponseCode() {}

  /** {@return a response code in words and in hexadecimal} */
  static String text(int code) {
    return words(code) + String.format(Locale.ROOT, " (response code 0x%03x)", code);
  }

  private static String words(int code) {
    if ((code & FORMAT_ONE) != 0) {
      return ABOUT.getOrDefault(code & 0x3f, "another error") + ", " + place(code);
    }
    if ((code & VERSION_TWO) == 0) {
      return "an error of TPM 1.2";
    }
    return (code & WARNING) == WARNING
        ? WARNINGS.getOrDefault(code & 0x7f, "another warning")
        : ERRORS.getOrDefault(code & 0x7f, "another error");
  }

  private static String place(int code) {
    int number = (code >>> 8) & 0x7;
    if ((code & 0x040) != 0) {
      return "parameter " + ((code >>> 8) & 0xf);
    }
    return ((code & 0x800) != 0 ? "session " : "handle ") + number;
  }
}
