package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/**
 * Evidence of real machines with one byte changed, cut short, or put together from two cases. It is
 * never accepted, or the change lies where nothing is signed and changes nothing.
 *
 * <p>The short form changes every field edge and every 16th byte from a seeded start. The system
 * property {@value #ALL} changes every byte and cuts at every length ({@code
 * lab/attestation/mutate}), several cases side by side.
 */
@Execution(ExecutionMode.CONCURRENT)
class MutatedEvidenceTest {

  private static final System.Logger LOGGER = System.getLogger(MutatedEvidenceTest.class.getName());
  private static final String ALL = "sesemi.mutate.all";
  private static final boolean EVERY = Boolean.getBoolean(ALL);
  private static final int STRIDE = 16;

  private static final AtomicLong CHANGED = new AtomicLong();
  private static final AtomicLong CUT = new AtomicLong();
  private static final AtomicLong SWAPPED = new AtomicLong();
  private static final Map<String, TreeSet<Integer>> UNSIGNED = new TreeMap<>();

  /** Where fields begin or end in the binary documents. */
  private static final Map<String, int[]> EDGES =
      Map.of(
          "report.bin",
          new int[] {
            0x000, 0x004, 0x008, 0x010, 0x020, 0x030, 0x034, 0x038, 0x040, 0x048, 0x04c, 0x050,
            0x090, 0x0c0, 0x0e0, 0x110, 0x140, 0x160, 0x180, 0x188, 0x18b, 0x1a0, 0x1e0, 0x1e8,
            0x1eb, 0x1ec, 0x1ef, 0x1f0, 0x1f8, 0x200, 0x208, 0x2a0, 0x2d0, 0x2e8, 0x318, 0x330
          },
          "quote.bin",
          new int[] {
            0, 2, 4, 8, 10, 12, 28, 48, 50, 54, 64, 68, 80, 96, 112, 120, 128, 136, 144, 160, 168,
            176, 184, 232, 240, 280, 304, 306, 308, 328, 350, 368, 376, 424, 432, 436, 472, 500,
            520, 564, 568, 584, 632, 636, 648, 702, 706, 770, 834, 836, 840
          },
          "quote.msg",
          new int[] {0, 4, 6, 8, 42, 44, 76, 84, 88, 92, 93, 101, 105, 107, 108, 111, 113});

  /**
   * Documents in which a change may go unnoticed because it lies outside what is signed or used:
   * the pinned root's own copy in a chain, the unprotected parts of evidence that travels as text,
   * filling. In every other document each changed byte is refused.
   */
  private static final List<String> PARTLY_UNSIGNED =
      List.of(
          "quote.bin",
          "tcb_signing_chain.pem",
          "cert_chain.pem",
          "evidence.json",
          "ccel_data.bin",
          "ek_issuer.pem",
          "ek_root.pem",
          "expected_claims.json",
          "vcek-wrong-legacy.der",
          "vcek-wrong-new.der",
          "driver_rim.xml",
          "vbios_rim.xml",
          // Nobody at hand issued it: only its key and its dates are used.
          "tls_certificate.der",
          "certificate.pem");

  /** What is judged itself. In place of another it is genuine evidence of another machine. */
  private static final List<String> EVIDENCE =
      List.of(
          "report.bin", "quote.bin", "document.cbor", "token.cbor", "quote.msg", "evidence.json");

  /** Collateral that is as good for another case: newer or older, of the same kind of machine. */
  private static final List<String> EQUALLY_GOOD =
      List.of("tdx/v5-uptodate with tcb_info.json of tdx/v5-no-matching-level");

  @TestFactory
  List<DynamicTest> noChangedByteIsAccepted() {
    return each(
        evidence -> {
          Judgement baseline = evidence.judge(evidence.documents());
          RandomGenerator random = Property.random("changed bytes of " + evidence.name());
          for (String name : evidence.documents().names()) {
            byte[] original = evidence.documents().get(name).orElseThrow().toArray();
            for (int position : positions(name, original.length, random)) {
              byte[] changed = original.clone();
              changed[position] ^= (byte) (1 << random.nextInt(8));
              CHANGED.incrementAndGet();
              if (!refused(
                  evidence, baseline, evidence.documents().with(name, Bytes.of(changed)))) {
                unsigned(evidence, name, position);
              }
            }
          }
        });
  }

  @TestFactory
  List<DynamicTest> noDocumentCutShortIsAccepted() {
    return each(
        evidence -> {
          Judgement baseline = evidence.judge(evidence.documents());
          RandomGenerator random = Property.random("cut documents of " + evidence.name());
          for (String name : evidence.documents().names()) {
            byte[] original = evidence.documents().get(name).orElseThrow().toArray();
            for (int length : lengths(original.length, random)) {
              CUT.incrementAndGet();
              Bytes cut = Bytes.of(Arrays.copyOf(original, length));
              if (!refused(evidence, baseline, evidence.documents().with(name, cut))
                  && !isBlank(Arrays.copyOfRange(original, length, original.length))) {
                assertThat(PARTLY_UNSIGNED).as(name + " cut to " + length).contains(name);
              }
            }
          }
        });
  }

  @TestFactory
  List<DynamicTest> noDocumentOfAnotherCaseIsAccepted() {
    List<EvidenceCase> all = EvidenceCase.all();
    return each(
        evidence -> {
          Judgement baseline = evidence.judge(evidence.documents());
          for (EvidenceCase other : all) {
            if (other.platform() != evidence.platform()) {
              continue;
            }
            for (String name : evidence.documents().names()) {
              if (EVIDENCE.contains(name)) {
                continue;
              }
              other
                  .documents()
                  .get(name)
                  .filter(theirs -> !evidence.documents().get(name).orElseThrow().equals(theirs))
                  .ifPresent(
                      theirs -> {
                        SWAPPED.incrementAndGet();
                        String swap = evidence.name() + " with " + name + " of " + other.name();
                        assertThat(
                                refused(
                                    evidence, baseline, evidence.documents().with(name, theirs)))
                            .as(swap)
                            .isEqualTo(!EQUALLY_GOOD.contains(swap));
                      });
            }
          }
        });
  }

  @AfterAll
  static void print() {
    StringBuilder unsigned = new StringBuilder();
    UNSIGNED.forEach(
        (where, positions) ->
            unsigned
                .append("\n  ")
                .append(where)
                .append(": ")
                .append(positions.size())
                .append(" from ")
                .append(positions.first())
                .append(" to ")
                .append(positions.last()));
    LOGGER.log(
        Level.INFO,
        "evidence changed in {0} places, cut {1} times, swapped {2} times; noticed everywhere but"
            + " outside of what is signed:{3}",
        CHANGED.get(),
        CUT.get(),
        SWAPPED.get(),
        unsigned);
  }

  private static boolean isBlank(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1).isBlank();
  }

  /** Returns whether a change is noticed; one that is not must have changed nothing. */
  private static boolean refused(EvidenceCase evidence, Judgement baseline, Documents changed) {
    Judgement judgement = evidence.judge(changed);
    if (judgement.verdict() != Verdict.ACCEPT) {
      assertThat(judgement.record().failing()).isPresent();
      return baseline.verdict() == Verdict.ACCEPT
          || judgement.verdict() == Verdict.REJECT
          || !judgement.record().equals(baseline.record());
    }
    assertThat(baseline.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judgement.claims()).as("claims of " + evidence.name()).isEqualTo(baseline.claims());
    assertThat(judgement.tcbStatus()).isEqualTo(baseline.tcbStatus());
    assertThat(judgement.advisories()).isEqualTo(baseline.advisories());
    return false;
  }

  private static void unsigned(EvidenceCase evidence, String name, int position) {
    assertThat(PARTLY_UNSIGNED)
        .as("a change of byte " + position + " of " + name + " goes unnoticed")
        .contains(name);
    synchronized (UNSIGNED) {
      UNSIGNED.computeIfAbsent(evidence.name() + "/" + name, _ -> new TreeSet<>()).add(position);
    }
  }

  private static List<Integer> positions(String name, int length, RandomGenerator random) {
    List<Integer> positions = new ArrayList<>();
    int stride = EVERY ? 1 : STRIDE;
    for (int i = random.nextInt(stride); i < length; i += stride) {
      positions.add(i);
    }
    for (int edge : EDGES.getOrDefault(name, new int[0])) {
      if (edge < length && !EVERY) {
        positions.add(edge);
      }
    }
    return positions;
  }

  private static List<Integer> lengths(int length, RandomGenerator random) {
    List<Integer> lengths = new ArrayList<>(List.of(0, 1, length / 2, length - 1));
    int stride = EVERY ? 1 : Math.max(1, length / 16);
    for (int i = random.nextInt(stride); i < length; i += stride) {
      lengths.add(i);
    }
    return lengths;
  }

  /** A statement about one case. */
  private interface Statement {
    void check(EvidenceCase evidence);
  }

  private static List<DynamicTest> each(Statement statement) {
    return EvidenceCase.all().stream()
        .map(evidence -> DynamicTest.dynamicTest(evidence.name(), () -> statement.check(evidence)))
        .toList();
  }
}
