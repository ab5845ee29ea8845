package org.sesemi.wire;

/**
 * A rule that says which versions of a model a grant or a request accepts. Versions are numbers
 * from 1 on; the current one is the highest that the owner published.
 */
public sealed interface VersionRule {

  /** The longest text form in characters. */
  int MAX_TEXT_LENGTH = 21;

  /**
   * {@return whether the rule accepts a version}
   *
   * @param version the version in question
   * @param current the current version
   */
  boolean accepts(long version, long current);

  /** {@return the text form: {@code current}, {@code =3} or {@code >=3}} */
  String text();

  /** Accepts the current version only. */
  record Current() implements VersionRule {
    @Override
    public boolean accepts(long version, long current) {
      return version == current;
    }

    @Override
    public String text() {
      return "current";
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /**
   * Accepts one version.
   *
   * @param version that version
   */
  record Exactly(long version) implements VersionRule {
    /** Checks the version. */
    public Exactly {
      checkVersion(version);
    }

    @Override
    public boolean accepts(long candidate, long current) {
      return candidate == version;
    }

    @Override
    public String text() {
      return "=" + version;
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /**
   * Accepts a version and all later ones.
   *
   * @param version the first version accepted
   */
  record AtLeast(long version) implements VersionRule {
    /** Checks the version. */
    public AtLeast {
      checkVersion(version);
    }

    @Override
    public boolean accepts(long candidate, long current) {
      return candidate >= version;
    }

    @Override
    public String text() {
      return ">=" + version;
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /** {@return the rule that accepts the current version only} */
  static VersionRule current() {
    return new Current();
  }

  /**
   * Reads the text form.
   *
   * @param text the rule
   * @return what was read
   */
  static VersionRule parse(String text) {
    if (text.equals("current")) {
      return new Current();
    }
    if (text.startsWith(">=")) {
      return new AtLeast(parseVersion(text.substring(2)));
    }
    if (text.startsWith("=")) {
      return new Exactly(parseVersion(text.substring(1)));
    }
    throw new WireException(
        WireException.Code.ID_MALFORMED, "a version rule is 'current', '=N' or '>=N'");
  }

  /**
   * Reads a version number: decimal digits without leading zero, at least 1.
   *
   * @param text the number
   * @return what was read
   */
  static long parseVersion(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 18 && text.charAt(0) != '0';
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "a model version is a number from 1 on");
    }
    return Long.parseLong(text);
  }

  private static void checkVersion(long version) {
    if (version < 1 || version > 999_999_999_999_999_999L) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "a model version is a number from 1 on");
    }
  }
}
