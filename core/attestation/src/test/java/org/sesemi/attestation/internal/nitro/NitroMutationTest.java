package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.property.Property;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.wire.Verdict;

@Tag("exhaustive")
final class NitroMutationTest {

  private static final NitroVendor VENDOR = NitroVendor.create();
  private static final byte[] DOCUMENT =
      VENDOR.sign(VENDOR.payload().nonce(new byte[32]).userData(new byte[] {1}));
  private static final Anchors ANCHORS =
      Anchors.of(new Anchors.Set(List.of(VENDOR.root()), List.of(), List.of()));

  private static Judgement judge(byte[] document) {
    return new NitroVerifier()
        .judge(
            documents("document.cbor", document),
            Expectation.at(NitroVendor.ISSUED.plusSeconds(120)),
            ANCHORS);
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < DOCUMENT.length; length++) {
      Judgement judgement = judge(Arrays.copyOf(DOCUMENT, length));
      assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
      assertThat(failed(judgement)).containsExactly("document-format");
    }
  }

  @Test
  void noChangedBitIsAccepted() {
    assertThat(judge(DOCUMENT).verdict()).isEqualTo(Verdict.ACCEPT);
    Property.check(
        "a document with a changed bit is rejected with a named check",
        150,
        random -> {
          byte[] changed = DOCUMENT.clone();
          changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
          Judgement judgement = judge(changed);
          assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
          assertThat(failed(judgement)).isNotEmpty();
        });
  }

  @Test
  void noSplicedDocumentIsAcceptedAndNothingIsThrown() {
    Property.check(
        "a document with a stretch removed, doubled or overwritten is rejected",
        150,
        random -> {
          int from = random.nextInt(DOCUMENT.length);
          int to = random.nextInt(from, DOCUMENT.length) + 1;
          byte[] stretch = Arrays.copyOfRange(DOCUMENT, from, to);
          byte[] changed =
              switch (random.nextInt(3)) {
                case 0 -> join(Arrays.copyOf(DOCUMENT, from), tail(to));
                case 1 -> join(Arrays.copyOf(DOCUMENT, to), stretch, tail(to));
                default -> {
                  random.nextBytes(stretch);
                  yield join(Arrays.copyOf(DOCUMENT, from), stretch, tail(to));
                }
              };
          if (!Arrays.equals(changed, DOCUMENT)) {
            assertThat(judge(changed).verdict()).isEqualTo(Verdict.REJECT);
          }
        });
  }

  private static byte[] tail(int from) {
    return Arrays.copyOfRange(DOCUMENT, from, DOCUMENT.length);
  }

  private static byte[] join(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
