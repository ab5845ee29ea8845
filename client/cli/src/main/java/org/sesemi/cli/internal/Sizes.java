package org.sesemi.cli.internal;

import java.util.Locale;

/** Sizes and times as people read them. */
public final class Sizes {

  private Sizes() {}

  /**
   * Returns a number of bytes in a fitting unit.
   *
   * @param bytes how many
   */
  public static String text(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }

  /**
   * Returns a time in milliseconds or seconds.
   *
   * @param millis how many milliseconds
   */
  public static String time(double millis) {
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    return millis < 1000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / 1000);
  }
}
