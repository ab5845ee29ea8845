package org.sesemi.cli.internal.supervisor;

import java.util.Locale;

/** Where one part of the stack stands. */
public enum PartState {
  /** It is being started. */
  STARTING,
  /** It serves. */
  READY,
  /** It ended and waits to be started again. */
  WAITING,
  /** It was stopped, or never started. */
  STOPPED;

  /** Returns the name in documents. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
