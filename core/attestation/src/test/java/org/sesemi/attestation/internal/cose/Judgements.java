package org.sesemi.attestation.internal.cose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.internal.Step;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;

/** What tests ask of judgements and documents. */
public final class Judgements {

  private Judgements() {}

  /** {@return the names of the checks that failed} */
  public static List<String> failed(Judgement judgement) {
    return named(judgement, CheckOutcome.FAILED);
  }

  /** {@return the names of the checks that could not be made} */
  public static List<String> unverified(Judgement judgement) {
    return named(judgement, CheckOutcome.UNVERIFIED);
  }

  /** {@return the names of the checks that passed} */
  public static List<String> passed(Judgement judgement) {
    return named(judgement, CheckOutcome.PASSED);
  }

  /** {@return the check of a name} */
  public static Check check(Judgement judgement, Step step) {
    return judgement.record().checks().stream()
        .filter(check -> check.name().equals(step.text()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> named(Judgement judgement, CheckOutcome outcome) {
    List<String> names = new ArrayList<>();
    for (Check check : judgement.record().checks()) {
      if (check.outcome() == outcome) {
        names.add(check.name());
      }
    }
    return names;
  }

  /** {@return one document} */
  public static Documents documents(String name, byte[] content) {
    return new Documents(Map.of(name, Bytes.of(content)));
  }
}
