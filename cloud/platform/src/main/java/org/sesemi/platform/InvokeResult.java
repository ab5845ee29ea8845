package org.sesemi.platform;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The answer of a function.
 *
 * @param status the HTTP status
 * @param headers the headers that callers care about, names in lower case
 * @param body the bytes of the body; shared, not to be changed
 * @param sandbox which sandbox answered, for people
 * @param waiting how long the request waited for a sandbox, a start included
 * @param serving how long the sandbox took
 */
@SuppressWarnings("ArrayRecordComponent") // an answer is passed on, never compared
public record InvokeResult(
    int status,
    Map<String, String> headers,
    byte[] body,
    String sandbox,
    Duration waiting,
    Duration serving) {

  /** Copies the headers. */
  public InvokeResult {
    requireNonNull(body, "body");
    requireNonNull(sandbox, "sandbox");
    requireNonNull(waiting, "waiting");
    requireNonNull(serving, "serving");
    headers = Map.copyOf(headers);
  }

  /**
   * {@return a header, if the function sent it}
   *
   * @param name its name in lower case
   */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
