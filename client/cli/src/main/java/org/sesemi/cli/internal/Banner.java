package org.sesemi.cli.internal;

/** The words that stand wherever a person looks while the platform is simulated. */
public final class Banner {

  /** One line for a terminal. */
  public static final String TEXT =
      "SIMULATION: this platform protects nothing. Use it to learn and to test, never with real"
          + " secrets.";

  private Banner() {}
}
