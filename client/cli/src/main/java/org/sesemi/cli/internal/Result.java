package org.sesemi.cli.internal;

import java.util.List;

/**
 * What a command found out, once for programs and once for people.
 *
 * @param data the {@code data} of the JSON envelope
 * @param lines what a person reads
 */
public record Result(Fields data, List<String> lines) {

  /** Copies the lines. */
  public Result {
    lines = List.copyOf(lines);
  }
}
