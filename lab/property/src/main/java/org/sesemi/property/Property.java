package org.sesemi.property;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A statement that must hold for every generated case.
 *
 * <p>Each run draws one seed, prints it, and derives the seed of each case from it. The system
 * property {@value #SEED} repeats a run: {@code ./check wire -Dsesemi.seed=42}. A failing case is
 * reported with the property's name, the run's seed and the case number; the original failure is
 * the cause.
 *
 * <p>Thread-safe: it keeps no state between calls.
 */
public final class Property {

  /** The system property that fixes the seed of a run. */
  public static final String SEED = "sesemi.seed";

  private static final Logger LOG = System.getLogger(Property.class.getName());

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private Property() {}

  /** The body of a property: one generated case. */
  @FunctionalInterface
  public interface Case {
    /**
     * Checks one case.
     *
     * @param random the only source of randomness the case may use
     * @throws Exception when the property does not hold
     */
    void check(RandomGenerator random) throws Exception;
  }

  /**
   * Checks a property on a number of generated cases.
   *
   * @param name what is being claimed; printed beside the seed
   * @param cases how many cases to generate, at least 1
   * @param body the check of one case
   * @throws AssertionError when a case fails, naming the seed and the case
   */
  public static void check(String name, int cases, Case body) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    if (cases < 1) {
      throw new IllegalArgumentException("a property without cases proves nothing: " + cases);
    }
    long seed = seed();
    announce(name, cases, seed);
    for (int index = 0; index < cases; index++) {
      run(name, seed, index, body);
    }
  }

  /**
   * Returns a generator for tests that drive their own loop, after printing its seed.
   *
   * @param name what the generator is used for
   * @return a generator that {@value #SEED} repeats
   */
  public static RandomGenerator random(String name) {
    long seed = seed();
    announce(name, 1, seed);
    return FACTORY.create(seed);
  }

  private static void run(String name, long seed, int index, Case body) {
    try {
      body.check(FACTORY.create(seed + 0x9E37_79B9_7F4A_7C15L * index));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "property '"
              + name
              + "' fails in case "
              + index
              + "; repeat with -D"
              + SEED
              + "="
              + seed
              + ": "
              + failure.getMessage(),
          failure);
    }
  }

  private static long seed() {
    Long fixed = Long.getLong(SEED);
    return fixed != null ? fixed : new SplittableRandom().nextLong();
  }

  private static void announce(String name, int cases, long seed) {
    LOG.log(Level.INFO, "property ''{0}'': {1} cases, -D{2}={3,number,#}", name, cases, SEED, seed);
  }
}
