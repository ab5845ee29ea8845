package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/** The value of one entry in the {@code parameters} of an Open Inference Protocol object. */
public sealed interface Parameter {

  /** The request parameter that asks for every output in binary form. */
  String BINARY_DATA_OUTPUT = "binary_data_output";

  /** The output parameter that asks for this output in binary form, or for JSON when false. */
  String BINARY_DATA = "binary_data";

  /** The tensor parameter that announces how many raw bytes follow the JSON header. */
  String BINARY_DATA_SIZE = "binary_data_size";

  /** The request parameter that allows NaN and infinities as quoted words in JSON data. */
  String QUOTED_NON_FINITE = "quoted_non_finite";

  /**
   * A string.
   *
   * @param value the characters
   */
  record Text(String value) implements Parameter {
    /** Checks the value. */
    public Text {
      requireNonNull(value, "value");
    }
  }

  /**
   * A number, kept as it was written so that nothing is lost.
   *
   * @param literal the JSON number
   */
  record Decimal(String literal) implements Parameter {
    /** Checks the literal. */
    public Decimal {
      if (!JsonScanner.isNumber(literal)) {
        throw new OipException(OipException.Code.MALFORMED, "a parameter is not a JSON number");
      }
    }
  }

  /**
   * True or false.
   *
   * @param value which
   */
  record Flag(boolean value) implements Parameter {}

  /**
   * {@return a flag of a parameter map, or empty when it is absent}
   *
   * @param parameters the map
   * @param name which entry
   * @throws OipException with {@code oip.malformed} when the entry is not a boolean
   */
  static Optional<Boolean> flag(Map<String, Parameter> parameters, String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      return Optional.empty();
    }
    if (parameter instanceof Flag(boolean value)) {
      return Optional.of(value);
    }
    throw new OipException(
        OipException.Code.MALFORMED, "the parameter \"" + name + "\" is not true or false");
  }
}
