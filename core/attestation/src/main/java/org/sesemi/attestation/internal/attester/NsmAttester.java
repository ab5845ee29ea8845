package org.sesemi.attestation.internal.attester;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * Evidence of AWS Nitro Enclaves from the security module's device, which takes one request with
 * the places of a question and of an answer. The report data are the document's nonce. Thread-safe:
 * every request opens the device for itself.
 *
 * <p>Source: Linux, include/uapi/linux/nsm.h.
 */
public final class NsmAttester implements Attester {

  /** The device. */
  static final String DEVICE = "dev/nsm";

  /** _IOWR(0x0A, 0, struct nsm_raw), whose 32 bytes are two addresses with lengths. */
  static final long REQUEST = 0xC020_0A00L;

  /** The longest answer, in bytes. */
  static final int MAX_RESPONSE = 0x3000;

  private static final String DOCUMENT = "document.cbor";
  private static final long REQUEST_ADDRESS = 0;
  private static final long REQUEST_LENGTH = 8;
  private static final long RESPONSE_ADDRESS = 16;
  private static final long RESPONSE_LENGTH = 24;
  private static final long STRUCT_LENGTH = 32;
  private static final int ATTEMPTS = 8;

  private final Path device;
  private final SystemCalls calls;

  NsmAttester(Path root, SystemCalls calls) {
    this.device = root.resolve(DEVICE);
    this.calls = calls;
  }

  /** Makes an attester below the root of a file system. */
  public static NsmAttester below(Path root) {
    return new NsmAttester(root, new NativeCalls());
  }

  @Override
  public Evidence attest(byte[] reportData) {
    byte[] data = Produced.checked(reportData);
    int descriptor = calls.open(device.toString());
    if (descriptor < 0) {
      throw unavailable("the device cannot be opened", -descriptor);
    }
    byte[] answer;
    try {
      answer = ask(descriptor, NsmMessages.request(data));
    } finally {
      calls.close(descriptor);
    }
    byte[] document;
    try {
      document = NsmMessages.document(answer);
    } catch (Unreadable e) {
      throw Produced.unavailable(PlatformKind.NITRO, e.getMessage());
    }
    return Produced.evidence(
        PlatformKind.NITRO, new Documents(Map.of(DOCUMENT, Bytes.of(document))), DOCUMENT, data);
  }

  private byte[] ask(int descriptor, byte[] request) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment question = arena.allocate(request.length);
      MemorySegment.copy(request, 0, question, ValueLayout.JAVA_BYTE, 0, request.length);
      MemorySegment answer = arena.allocate(MAX_RESPONSE);
      MemorySegment struct = arena.allocate(STRUCT_LENGTH, Long.BYTES);
      int result = -SystemCalls.EINTR;
      for (int i = 0; i < ATTEMPTS && result == -SystemCalls.EINTR; i++) {
        struct.set(ValueLayout.JAVA_LONG, REQUEST_ADDRESS, question.address());
        struct.set(ValueLayout.JAVA_LONG, REQUEST_LENGTH, request.length);
        struct.set(ValueLayout.JAVA_LONG, RESPONSE_ADDRESS, answer.address());
        struct.set(ValueLayout.JAVA_LONG, RESPONSE_LENGTH, MAX_RESPONSE);
        result = calls.ioctl(descriptor, REQUEST, struct);
      }
      if (result < 0) {
        throw unavailable("the device refused the request", -result);
      }
      long length = struct.get(ValueLayout.JAVA_LONG, RESPONSE_LENGTH);
      if (length <= 0 || length > MAX_RESPONSE) {
        throw Produced.unavailable(
            PlatformKind.NITRO, "the device gave an answer of an impossible length");
      }
      return answer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static AttestationException unavailable(String what, int error) {
    String why =
        switch (error) {
          case SystemCalls.EPERM, SystemCalls.EACCES ->
              "permission denied: CAP_SYS_ADMIN is needed";
          case SystemCalls.ENOENT -> "it is not there";
          case SystemCalls.ENOTTY -> "it is not the security module's";
          case SystemCalls.EINTR -> "signals interrupted it again and again";
          default -> "error " + error;
        };
    return Produced.unavailable(PlatformKind.NITRO, what + ": " + why);
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.NITRO;
  }
}
