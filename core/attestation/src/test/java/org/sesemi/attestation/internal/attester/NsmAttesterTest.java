package org.sesemi.attestation.internal.attester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.cose.CborFields;
import org.sesemi.attestation.internal.cose.CborItem;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

final class NsmAttesterTest {

  private static final int DESCRIPTOR = 42;
  private static final NitroVendor VENDOR = NitroVendor.create();

  private final Device device = new Device();
  private final NsmAttester attester = new NsmAttester(Path.of("/"), device);

  /** The device with a module behind it that signs documents of a test vendor. */
  @SuppressWarnings("restricted") // reads and writes where the request points to
  private static final class Device implements SystemCalls {

    private final List<String> log = new ArrayList<>();
    private int openResult = DESCRIPTOR;
    private final List<Integer> results = new ArrayList<>();
    private Optional<byte[]> answer = Optional.empty();
    private long length = -1;

    @Override
    public int open(String path) {
      log.add("open " + path);
      return openResult;
    }

    @Override
    public int ioctl(int descriptor, long request, MemorySegment argument) {
      log.add("ioctl " + descriptor + " " + Long.toHexString(request));
      if (!results.isEmpty()) {
        return results.removeFirst();
      }
      assertThat(argument.byteSize()).isEqualTo(32);
      byte[] question = slice(argument, 0).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment target = slice(argument, 16);
      assertThat(target.byteSize()).isEqualTo(0x3000);
      byte[] bytes = answer.orElseGet(() -> answerTo(question));
      MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
      argument.set(ValueLayout.JAVA_LONG, 24, length < 0 ? bytes.length : length);
      return 0;
    }

    private static MemorySegment slice(MemorySegment argument, long at) {
      return MemorySegment.ofAddress(argument.get(ValueLayout.JAVA_LONG, at))
          .reinterpret(argument.get(ValueLayout.JAVA_LONG, at + 8));
    }

    @Override
    public int close(int descriptor) {
      log.add("close " + descriptor);
      return 0;
    }
  }

  private static byte[] answerTo(byte[] question) {
    CborFields request = CborItem.parse(question, "question").fields("question");
    CborFields attestation = request.get("Attestation").fields("question");
    request.finish();
    assertThat(attestation.get("user_data").isNull()).isTrue();
    assertThat(attestation.get("public_key").isNull()).isTrue();
    byte[] nonce = attestation.get("nonce").bytes("nonce");
    attestation.finish();
    return answer(VENDOR.sign(VENDOR.payload().nonce(nonce)));
  }

  private static byte[] answer(byte[] document) {
    return new CborOut()
        .map(1)
        .text("Attestation")
        .map(1)
        .text("document")
        .bytes(document)
        .toBytes();
  }

  private static byte[] data() {
    byte[] data = new byte[64];
    Arrays.fill(data, (byte) 3);
    return data;
  }

  private void fails(String... messages) {
    assertThatThrownBy(() -> attester.attest(data()))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(AttestationException.Code.PLATFORM_UNAVAILABLE);
              assertThat(e.detail()).contains(messages);
            });
  }

  @Test
  void theDocumentIsEvidenceThatVerifies() {
    Evidence evidence = attester.attest(data());
    assertThat(device.log).containsExactly("open /dev/nsm", "ioctl 42 c0200a00", "close 42");
    assertThat(attester.platform()).isEqualTo(PlatformKind.NITRO);
    Anchors anchors = Anchors.of(new Anchors.Set(List.of(VENDOR.root()), List.of(), List.of()));
    Instant at = NitroVendor.ISSUED.plusSeconds(100);
    assertThat(
            EvidenceVerifier.with(anchors)
                .verify(
                    evidence.platform(),
                    Documents.decode(evidence.bytes().toArray()),
                    new Expectation(at, Optional.of(Bytes.of(data()))))
                .verdict())
        .isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void theDeviceIsClosedAfterAFailure() {
    device.results.add(-5);
    fails("the device refused the request: error 5");
    assertThat(device.log).last().isEqualTo("close 42");
  }

  @Test
  void failuresToOpenAreExplained() {
    device.openResult = -SystemCalls.ENOENT;
    fails("cannot be opened: it is not there");
    device.openResult = -SystemCalls.EACCES;
    fails("cannot be opened: permission denied: CAP_SYS_ADMIN is needed");
    device.openResult = -SystemCalls.EPERM;
    fails("CAP_SYS_ADMIN");
    assertThat(device.log).noneMatch(line -> line.startsWith("close"));
  }

  @Test
  void failuresOfTheRequestAreExplained() {
    device.results.add(-SystemCalls.ENOTTY);
    fails("it is not the security module's");
  }

  @Test
  void signalsOnlyDelayTheRequestUpToABound() {
    device.results.addAll(List.of(-SystemCalls.EINTR, -SystemCalls.EINTR));
    assertThat(attester.attest(data())).isNotNull();
    device.results.addAll(java.util.Collections.nCopies(8, -SystemCalls.EINTR));
    fails("signals interrupted it");
  }

  @Test
  void errorsOfTheModuleAreSaid() {
    device.answer =
        Optional.of(new CborOut().map(1).text("Error").text("InvalidArgument").toBytes());
    fails("the device says InvalidArgument");
    device.answer = Optional.of(new CborOut().map(1).text("Error").text("\u001b[2J").toBytes());
    fails("not a short printable text");
  }

  @Test
  void answersOfAnotherFormAreRefused() {
    for (byte[] answer :
        List.of(
            new CborOut().map(0).toBytes(),
            new CborOut().integer(1).toBytes(),
            new CborOut().map(1).text("GetRandom").map(0).toBytes(),
            new CborOut().map(1).text("Attestation").map(0).toBytes(),
            new CborOut().map(1).text("Attestation").map(1).text("document").none().toBytes())) {
      device.answer = Optional.of(answer);
      fails("the answer of the device");
    }
  }

  @Test
  void impossibleLengthsAreRefused() {
    for (long length : new long[] {0, 0x3001, 1L << 40, Long.MAX_VALUE}) {
      device.length = length;
      fails("impossible length");
    }
  }

  @Test
  void aDocumentAboutOtherDataIsNotTaken() {
    device.answer = Optional.of(answer(VENDOR.sign(VENDOR.payload().nonce(new byte[64]))));
    fails("other report data");
  }

  @Test
  void reportDataHas64Bytes() {
    assertThatThrownBy(() -> attester.attest(new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(device.log).isEmpty();
  }

  // The system calls themselves

  @Test
  void nativeCallsGiveTheNegatedErrorNumber() {
    NativeCalls calls = new NativeCalls();
    assertThat(calls.open("/dev/this-is-not-there")).isEqualTo(-SystemCalls.ENOENT);
    int descriptor = calls.open("/dev/null");
    assertThat(descriptor).isPositive();
    assertThat(calls.ioctl(descriptor, NsmAttester.REQUEST, MemorySegment.NULL))
        .isEqualTo(-SystemCalls.ENOTTY);
    assertThat(calls.close(descriptor)).isZero();
    assertThat(calls.close(descriptor)).isNegative();
  }
}
