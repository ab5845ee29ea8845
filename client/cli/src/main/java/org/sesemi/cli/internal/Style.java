package org.sesemi.cli.internal;

/** Colours of one output stream, or none where nobody would see them. */
public final class Style {

  private final boolean on;

  /**
   * Makes a style.
   *
   * @param on whether escape sequences may be written
   */
  public Style(boolean on) {
    this.on = on;
  }

  /**
   * Marks something good.
   *
   * @param text what to mark
   */
  public String good(String text) {
    return wrap("32", text);
  }

  /**
   * Marks something bad.
   *
   * @param text what to mark
   */
  public String bad(String text) {
    return wrap("31", text);
  }

  /**
   * Marks something that needs attention.
   *
   * @param text what to mark
   */
  public String warning(String text) {
    return wrap("33", text);
  }

  /**
   * Marks something important.
   *
   * @param text what to mark
   */
  public String strong(String text) {
    return wrap("1", text);
  }

  /**
   * Marks something beside the point.
   *
   * @param text what to mark
   */
  public String faint(String text) {
    return wrap("2", text);
  }

  private String wrap(String code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
