package org.sesemi.fuzz;

import java.util.Arrays;
import java.util.List;

/**
 * The entry of the fuzzer: hands its input to the target that the system property {@value #TARGET}
 * names, or, for {@code all}, to the one that the first byte chooses.
 *
 * <p>A target may refuse its input in a defined way. Any other exception, an answer that never
 * comes and memory beyond the limit of the process are findings.
 */
public final class EvidenceFuzzer {

  /** The system property that names the target. */
  public static final String TARGET = "sesemi.fuzz.target";

  private EvidenceFuzzer() {}

  /** Makes the good evidence that targets begin from; called before time is taken. */
  public static void fuzzerInitialize() {
    Chosen.TARGET.take(new byte[0]);
  }

  /**
   * Runs one input.
   *
   * @param input what the fuzzer made up
   */
  public static void fuzzerTestOneInput(byte[] input) {
    Chosen.TARGET.take(input);
  }

  private static final class Chosen {

    private static final List<Target> ALL = Targets.all();
    private static final String NAME = System.getProperty(EvidenceFuzzer.TARGET, "all");
    private static final Target TARGET =
        NAME.equals("all") ? Chosen::byFirstByte : Targets.named(NAME);

    private static void byFirstByte(byte[] input) {
      if (input.length > 0) {
        ALL.get((input[0] & 0xff) % ALL.size()).take(Arrays.copyOfRange(input, 1, input.length));
      }
    }
  }
}
