package org.sesemi.attestation.internal.tpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Commands of a TPM (TPM_CC) and how they are framed (Part 1, 18). */
enum TpmCommand {
  NV_READ(0x014e, 0),
  ACTIVATE_CREDENTIAL(0x0147, 0),
  CREATE_PRIMARY(0x0131, 1),
  STARTUP(0x0144, 0),
  POLICY_SECRET(0x0151, 0),
  CREATE(0x0153, 0),
  LOAD(0x0157, 1),
  QUOTE(0x0158, 0),
  FLUSH_CONTEXT(0x0165, 0),
  NV_READ_PUBLIC(0x0169, 0),
  READ_PUBLIC(0x0173, 0),
  START_AUTH_SESSION(0x0176, 1),
  GET_RANDOM(0x017b, 0),
  PCR_READ(0x017e, 0),
  PCR_EXTEND(0x0182, 0);

  /** Answers and commands without authorisations. */
  static final int PLAIN = 0x8001;

  /** Answers and commands with authorisations. */
  static final int WITH_SESSIONS = 0x8002;

  /** The session that an empty password opens. */
  static final long PASSWORD = 0x40000009L;

  private static final int CONTINUE_SESSION = 1;

  private final int code;
  private final int handlesInAnswer;

  TpmCommand(int code, int handlesInAnswer) {
    this.code = code;
    this.handlesInAnswer = handlesInAnswer;
  }

  /** {@return how many handles stand in front of the parameters of an answer} */
  int handlesInAnswer() {
    return handlesInAnswer;
  }

  /** {@return the name in the specification} */
  String text() {
    return "TPM2_" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return a command}
   *
   * @param handles what it is about
   * @param sessions one authorisation for each of the first handles: {@link #PASSWORD}, which is
   *     empty, or a policy session
   * @param parameters the rest
   */
  byte[] frame(List<Long> handles, List<Long> sessions, TpmWriter parameters) {
    TpmWriter body = new TpmWriter();
    handles.forEach(body::u32);
    if (!sessions.isEmpty()) {
      TpmWriter area = new TpmWriter();
      for (long session : new ArrayList<>(sessions)) {
        area.u32(session).u16(0).u8(session == PASSWORD ? 0 : CONTINUE_SESSION).u16(0);
      }
      body.u32(area.size()).bytes(area.toArray());
    }
    body.bytes(parameters.toArray());
    return new TpmWriter()
        .u16(sessions.isEmpty() ? PLAIN : WITH_SESSIONS)
        .u32(TpmClient.HEADER + body.size())
        .u32(code)
        .bytes(body.toArray())
        .toArray();
  }
}
