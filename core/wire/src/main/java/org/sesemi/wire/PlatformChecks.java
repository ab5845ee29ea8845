package org.sesemi.wire;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The bounds on fields that messages of a platform share. */
final class PlatformChecks {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern COUNTER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

  private PlatformChecks() {}

  static void label(String label) {
    require(LABEL.matcher(label).matches(), "a label has up to 63 of a-z 0-9 . _ -");
  }

  static void counter(String name) {
    require(COUNTER.matcher(name).matches(), "a counter has a name of up to 128 of a-z 0-9 . _ -");
  }

  static void path(String path) {
    require(
        path.startsWith("/")
            && path.length() <= PlatformMessage.MAX_PATH_LENGTH
            && path.indexOf('\0') < 0,
        "a path is absolute and has no zero byte");
  }

  static void config(Bytes config) {
    require(
        config.length() <= PlatformMessage.MAX_CONFIG_LENGTH,
        "a configuration has up to " + PlatformMessage.MAX_CONFIG_LENGTH + " bytes");
  }

  static void pid(long pid) {
    require(pid > 0, "a process id is positive");
  }

  /** Copies a map in the order of its keys, so that two equal messages also print the same. */
  static Map<String, String> texts(Map<String, String> texts) {
    require(texts.size() <= PlatformMessage.MAX_PARAMETERS, "too many parameters");
    texts.forEach(
        (name, value) ->
            require(
                name.length() <= PlatformMessage.MAX_PARAMETER_LENGTH
                    && value.length() <= PlatformMessage.MAX_PARAMETER_LENGTH,
                "a parameter is too long"));
    return Collections.unmodifiableMap(new TreeMap<>(texts));
  }

  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, rule);
    }
  }
}
