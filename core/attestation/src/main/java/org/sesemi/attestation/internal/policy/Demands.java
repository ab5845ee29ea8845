package org.sesemi.attestation.internal.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonBool;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/** The demands that look at one claim by itself. */
final class Demands {

  private Demands() {}

  /** {@return the check of a claim that the evidence does not make} */
  static Check missing(String name, String expected, String claim) {
    return Check.unverified(name, expected, "the evidence makes no claim '" + claim + "'");
  }

  /**
   * Something that is refused unless the policy allows it.
   *
   * @param claim the claim that must be false
   * @param what it in words
   * @param allowed whether anything passes
   */
  record Allow(String claim, String what, boolean allowed) implements Demand {

    static Rule.Reading of(String claim, String what) {
      return node -> new Allow(claim, what, node.flag());
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return allowed ? Optional.empty() : Optional.of(must(name, claim, what, false, subject));
    }

    @Override
    public JsonValue json() {
      return new JsonBool(allowed);
    }

    @Override
    public String says() {
      return allowed ? "allowed" : "refused";
    }
  }

  /**
   * Something that is refused unless the policy allows it, and that older forms of the evidence
   * have no field for.
   *
   * @param claim the claim that must be false where it is made
   * @param what it in words
   * @param allowed whether anything passes
   */
  record AllowWhereClaimed(String claim, String what, boolean allowed) implements Demand {

    static Rule.Reading of(String claim, String what) {
      return node -> new AllowWhereClaimed(claim, what, node.flag());
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return allowed || subject.claim(claim).isEmpty()
          ? Optional.empty()
          : Optional.of(must(name, claim, what, false, subject));
    }

    @Override
    public JsonValue json() {
      return new JsonBool(allowed);
    }

    @Override
    public String says() {
      return allowed ? "allowed" : "refused";
    }
  }

  /**
   * Something that the evidence has to come with when the policy demands it.
   *
   * @param claim the claim that is made only when it was there and passed
   * @param what it in words
   * @param demanded whether it is demanded
   */
  record Present(String claim, String what, boolean demanded) implements Demand {

    static Rule.Reading of(String claim, String what) {
      return node -> new Present(claim, what, node.flag());
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return demanded
          ? Optional.of(
              subject.claim(claim).isPresent()
                  ? Check.passed(name, what, what)
                  : Check.unverified(name, what, "the evidence came without " + what))
          : Optional.empty();
    }

    @Override
    public JsonValue json() {
      return new JsonBool(demanded);
    }

    @Override
    public String says() {
      return demanded ? "demanded" : "not demanded";
    }
  }

  /**
   * Something that has to be so when the policy demands it.
   *
   * @param claim the claim that must be true
   * @param what it in words
   * @param demanded whether it is demanded
   */
  record Require(String claim, String what, boolean demanded) implements Demand {

    static Rule.Reading of(String claim, String what) {
      return node -> new Require(claim, what, node.flag());
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return demanded ? Optional.of(must(name, claim, what, true, subject)) : Optional.empty();
    }

    @Override
    public JsonValue json() {
      return new JsonBool(demanded);
    }

    @Override
    public String says() {
      return demanded ? "demanded" : "not demanded";
    }
  }

  private static Check must(
      String name, String claim, String what, boolean wanted, Subject subject) {
    String expected = wanted ? "yes" : "no";
    return subject
        .flag(claim)
        .map(
            got ->
                Check.of(
                    name,
                    got == wanted,
                    expected,
                    got ? "yes" : "no",
                    what + (wanted ? " is demanded" : " is refused")))
        .orElseGet(() -> missing(name, expected, claim));
  }

  /**
   * A number that must not be lower.
   *
   * @param claim the claim
   * @param what it in words
   * @param floor the lowest that passes
   */
  record AtLeast(String claim, String what, long floor) implements Demand {

    static Rule.Reading of(String claim, String what, long max) {
      return node -> new AtLeast(claim, what, node.number(0, max));
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return Optional.of(
          subject
              .number(claim)
              .map(
                  got ->
                      Check.of(
                          name,
                          got >= floor,
                          says(),
                          Long.toString(got),
                          "the " + what + " is below the floor of the policy"))
              .orElseGet(() -> missing(name, says(), claim)));
    }

    @Override
    public JsonValue json() {
      return JsonNumber.of(floor);
    }

    @Override
    public String says() {
      return "at least " + floor;
    }
  }

  /**
   * Bits that must all be set.
   *
   * @param claim the claim, an integer
   * @param what it in words
   * @param mask the bits
   */
  record Bits(String claim, String what, long mask) implements Demand {

    static Rule.Reading of(String claim, String what) {
      return node -> new Bits(claim, what, node.number(1, Long.MAX_VALUE));
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return Optional.of(
          subject
              .number(claim)
              .map(
                  got ->
                      Check.of(
                          name,
                          (got & mask) == mask,
                          says(),
                          Long.toHexString(got),
                          what + " miss bits that the policy demands"))
              .orElseGet(() -> missing(name, says(), claim)));
    }

    @Override
    public JsonValue json() {
      return JsonNumber.of(mask);
    }

    @Override
    public String says() {
      return "all bits of " + Long.toHexString(mask) + " (hex)";
    }
  }

  /**
   * How old evidence may be that names its own time.
   *
   * @param claim the claim, milliseconds since 1970
   * @param limit the greatest age
   */
  record MaxAge(String claim, Duration limit) implements Demand {

    /** Clocks of two machines differ; evidence from further in the future is refused. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(366);

    static Rule.Reading of(String claim) {
      return node -> {
        try {
          Duration limit = Duration.parse(node.text());
          if (limit.isPositive() && limit.compareTo(LONGEST) <= 0) {
            return new MaxAge(claim, limit);
          }
        } catch (DateTimeParseException e) {
          throw node.invalid("is not a duration such as PT10M (ISO 8601)");
        }
        throw node.invalid("is not a duration from above zero to " + LONGEST);
      };
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return Optional.of(
          subject
              .number(claim)
              .map(Instant::ofEpochMilli)
              .map(
                  made ->
                      Check.of(
                          name,
                          subject.at().isBefore(made.plus(limit))
                              && !made.isAfter(subject.at().plus(SKEW)),
                          says() + " at " + subject.at(),
                          "made at " + made,
                          "the evidence is too old, or from the future"))
              .orElseGet(() -> missing(name, says(), claim)));
    }

    @Override
    public JsonValue json() {
      return new JsonString(limit.toString());
    }

    @Override
    public String says() {
      return "younger than " + limit;
    }

    @Override
    public Optional<Instant> endsAt(Subject subject) {
      return subject.number(claim).map(Instant::ofEpochMilli).map(made -> made.plus(limit));
    }
  }

  /**
   * A claim of bytes each of which must not be lower.
   *
   * @param claim the claim
   * @param what it in words
   * @param floor the lowest that passes, byte by byte
   */
  record BytesAtLeast(String claim, String what, Bytes floor) implements Demand {

    static Rule.Reading of(String claim, String what, int length) {
      return node -> new BytesAtLeast(claim, what, Values.hex(node, false, length));
    }

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return Optional.of(
          subject
              .hex(claim)
              .map(
                  got ->
                      Check.of(
                          name,
                          covers(got.toArray(), floor.toArray()),
                          says(),
                          got.hex(),
                          "the " + what + " is below the floor of the policy"))
              .orElseGet(() -> missing(name, says(), claim)));
    }

    private static boolean covers(byte[] got, byte[] least) {
      if (got.length != least.length) {
        return false;
      }
      for (int i = 0; i < got.length; i++) {
        if (Byte.toUnsignedInt(got[i]) < Byte.toUnsignedInt(least[i])) {
          return false;
        }
      }
      return true;
    }

    @Override
    public JsonValue json() {
      return new JsonString(floor.hex());
    }

    @Override
    public String says() {
      return "at least " + floor.hex() + ", each byte by itself";
    }
  }
}
