package org.sesemi.cli.internal.demo;

import java.util.Locale;
import java.util.OptionalLong;
import org.sesemi.cli.internal.Fields;

/**
 * One step of the demo.
 *
 * @param name its name, stable for programs
 * @param outcome how it ended, as it should
 * @param durationMs how long it took
 * @param sealedBytes what travelled or was stored, where something was
 * @param plainBytes what was inside, where something was
 * @param detail the reason of a refusal, or what was done
 */
public record DemoStep(
    String name,
    Outcome outcome,
    long durationMs,
    OptionalLong sealedBytes,
    OptionalLong plainBytes,
    String detail) {

  /** How a step ended. */
  public enum Outcome {
    /** It succeeded. */
    OK,
    /** It was refused, and that is what the step shows. */
    REFUSED;

    /** Returns the name in documents. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the form of documents. */
  public Fields fields() {
    return new Fields()
        .put("name", name)
        .put("outcome", outcome.text())
        .put("durationMs", durationMs)
        .put("sealedBytes", sealedBytes.orElse(0))
        .put("plainBytes", plainBytes.orElse(0))
        .put("detail", detail);
  }
}
