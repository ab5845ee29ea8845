package org.sesemi.attestation.internal.tpm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;

/** Commands out, answers in, and every trouble on the way in one kind of exception. */
final class TpmConnection implements AutoCloseable {

  private static final Set<Integer> REPEAT = Set.of(0x908, 0x90a, 0x922);
  private static final int ATTEMPTS = 50;
  private static final long PAUSE_NANOS = 1_000_000;

  private final TpmDevice device;

  /**
   * An answer.
   *
   * @param code the response code; 0 for success
   * @param handles the handles in front of the parameters
   * @param parameters the rest
   */
  record Answer(int code, List<Long> handles, ByteInput parameters) {}

  TpmConnection(TpmDevice device) {
    this.device = device;
  }

  /** Reads the parameters of an answer, beside its handles. */
  interface Reader<T> {
    T read(List<Long> handles, ByteInput parameters);
  }

  /** Reads the parameters of an answer. */
  interface ParameterReader<T> {
    T read(ByteInput parameters);
  }

  /** Sends a command about nothing in particular, and reads its answer. */
  <T> T run(TpmCommand command, TpmWriter parameters, ParameterReader<T> reader) {
    return run(command, List.of(), List.of(), parameters, (_, in) -> reader.read(in));
  }

  /**
   * Sends a command, refuses every code but success, and reads the answer to its end.
   *
   * @throws AttestationException with {@code attestation.platform-unavailable}
   */
  <T> T run(
      TpmCommand command,
      List<Long> handles,
      List<Long> sessions,
      TpmWriter parameters,
      Reader<T> reader) {
    Answer answer = exchange(command, handles, sessions, parameters);
    if (answer.code != 0) {
      throw refused(command, answer.code);
    }
    try {
      T result = reader.read(answer.handles, answer.parameters);
      answer.parameters.finish();
      return result;
    } catch (Unreadable e) {
      throw new AttestationException(
          Code.PLATFORM_UNAVAILABLE,
          command.text() + " was answered in another form: " + e.getMessage(),
          e);
    }
  }

  /**
   * Sends a command and gives the answer, whatever its code. Some warnings only ask for the same
   * command again (Part 2, 6.6.3: TPM_RC_RETRY, TPM_RC_YIELDED, TPM_RC_TESTING).
   */
  Answer exchange(
      TpmCommand command, List<Long> handles, List<Long> sessions, TpmWriter parameters) {
    Answer answer = once(command, handles, sessions, parameters);
    for (int attempt = 1; REPEAT.contains(answer.code) && attempt < ATTEMPTS; attempt++) {
      LockSupport.parkNanos(attempt * PAUSE_NANOS);
      answer = once(command, handles, sessions, parameters);
    }
    return answer;
  }

  private Answer once(
      TpmCommand command, List<Long> handles, List<Long> sessions, TpmWriter parameters) {
    byte[] bytes;
    try {
      bytes = device.transmit(command.frame(handles, sessions, parameters));
    } catch (IOException e) {
      throw new AttestationException(
          Code.PLATFORM_UNAVAILABLE, "the TPM did not answer " + command.text(), e);
    }
    try {
      return answer(command, bytes);
    } catch (Unreadable e) {
      throw new AttestationException(
          Code.PLATFORM_UNAVAILABLE,
          command.text() + " was answered in another form: " + e.getMessage(),
          e);
    }
  }

  private static Answer answer(TpmCommand command, byte[] bytes) {
    ByteInput in = ByteInput.bigEndian(bytes, "the answer");
    int tag = in.u16();
    if (in.u32() != bytes.length) {
      throw new Unreadable("the answer has another length than it says");
    }
    int code = (int) in.u32();
    List<Long> handles = new ArrayList<>();
    if (code != 0) {
      in.finish();
      return new Answer(code, handles, in);
    }
    for (int i = 0; i < command.handlesInAnswer(); i++) {
      handles.add(in.u32());
    }
    byte[] parameters = tag == TpmCommand.WITH_SESSIONS ? in.bytes(in.u32()) : in.rest();
    return new Answer(0, handles, ByteInput.bigEndian(parameters, "the answer"));
  }

  @Override
  public void close() {
    try {
      device.close();
    } catch (IOException e) {
      throw new AttestationException(
          Code.PLATFORM_UNAVAILABLE, "the TPM's device cannot be closed", e);
    }
  }

  static AttestationException refused(TpmCommand command, int code) {
    return unavailable(command.text() + " was refused: " + TpmResponseCode.text(code));
  }

  static AttestationException unavailable(String message) {
    return new AttestationException(Code.PLATFORM_UNAVAILABLE, message);
  }
}
