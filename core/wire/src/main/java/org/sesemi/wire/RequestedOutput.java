package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * An output that a request asks for by name.
 *
 * @param name the output's name
 * @param parameters what is asked of it, for example {@link Parameter#BINARY_DATA}
 */
public record RequestedOutput(String name, Map<String, Parameter> parameters) {

  /** Checks and copies the fields. */
  public RequestedOutput {
    requireNonNull(name, "name");
    parameters = OipNames.copy(parameters);
  }

  /**
   * Asks for an output without parameters.
   *
   * @param name the output's name
   */
  public RequestedOutput(String name) {
    this(name, Map.of());
  }
}
