package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The body of every HTTP answer that reports a failure: a problem detail (RFC 9457) with the {@code
 * error} text of the Open Inference Protocol and what a program needs to decide on.
 *
 * @param title the category in words
 * @param status the HTTP status
 * @param detail what happened, for people
 * @param code the stable name of the failure
 * @param category the kind of failure
 * @param retryable whether the same request can succeed later
 * @param hint what the reader can do
 * @param requestId the request that failed, when it is known
 */
public record Problem(
    String title,
    int status,
    String detail,
    String code,
    ErrorCategory category,
    boolean retryable,
    String hint,
    Optional<RequestId> requestId) {

  /** The content type of the JSON form. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** The code of a failure whose sender gave none. */
  public static final String UNKNOWN_CODE = "remote.unknown";

  private static final String TYPE_PREFIX = "urn:sesemi:error:";
  private static final int MAX_TEXT = 4096;
  private static final Pattern CODE = Pattern.compile("[a-z0-9-]{1,40}(\\.[a-z0-9-]{1,40}){1,3}");

  /** Checks the fields. */
  public Problem {
    requireNonNull(title, "title");
    requireNonNull(detail, "detail");
    requireNonNull(category, "category");
    requireNonNull(hint, "hint");
    requireNonNull(requestId, "requestId");
    if (status < 400 || status > 599 || !CODE.matcher(code).matches()) {
      throw new WireException(
          WireException.Code.JSON_UNEXPECTED, "a problem has a status from 400 on and a code");
    }
  }

  /**
   * {@return the problem that describes a failure}
   *
   * @param failure the failure
   */
  public static Problem of(CodedException failure) {
    return of(failure.errorCode(), failure.detail());
  }

  /**
   * {@return the problem that describes a failure}
   *
   * @param code what kind of failure it is
   * @param detail what happened, free of secrets
   */
  public static Problem of(ErrorCode code, String detail) {
    return new Problem(
        title(code.category()),
        code.category().httpStatus(),
        detail,
        code.code(),
        code.category(),
        code.retryable(),
        code.hint(),
        Optional.empty());
  }

  /**
   * {@return the same problem with the name of the request that failed}
   *
   * @param id that name
   */
  public Problem withRequestId(RequestId id) {
    return new Problem(title, status, detail, code, category, retryable, hint, Optional.of(id));
  }

  /** {@return the JSON form} */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("type", TYPE_PREFIX + code)
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .put("error", detail)
        .put("code", code)
        .put("category", category.text())
        .put("retryable", retryable)
        .put("hint", hint)
        .putIfPresent("request_id", requestId.map(RequestId::hex))
        .build();
  }

  /** {@return the JSON form in UTF-8} */
  public byte[] encode() {
    return Json.write(toJson());
  }

  /**
   * Reads the JSON form. Members that the format does not define are ignored, as RFC 9457 wants it.
   *
   * @param utf8 the document
   * @return the problem
   */
  public static Problem decode(byte[] utf8) {
    JsonObject json = Json.parseObject(utf8);
    OptionalLong status =
        json.get("status").orElse(new JsonNull()) instanceof JsonNumber number
            ? number.asLong()
            : OptionalLong.empty();
    if (status.isEmpty() || status.getAsLong() < 400 || status.getAsLong() > 599) {
      throw new WireException(WireException.Code.JSON_UNEXPECTED, "a problem has a status");
    }
    return new Problem(
        text(json, "title"),
        (int) status.getAsLong(),
        text(json, "detail"),
        text(json, "code"),
        ErrorCategory.parse(text(json, "category")),
        json.get("retryable").equals(Optional.of(new JsonBool(true))),
        text(json, "hint"),
        json.get("request_id").isPresent()
            ? Optional.of(RequestId.parse(text(json, "request_id")))
            : Optional.empty());
  }

  /**
   * Reads the body of a failed HTTP answer, whoever made it: a server of ours, or something in
   * between that knows nothing of problem documents.
   *
   * @param status the HTTP status
   * @param body the body
   * @return the problem, with code {@value #UNKNOWN_CODE} when the body is none
   */
  public static Problem ofAnswer(int status, byte[] body) {
    try {
      return decode(body);
    } catch (WireException _) {
      ErrorCategory category = categoryOf(status);
      return new Problem(
          title(category),
          status >= 400 && status <= 599 ? status : 502,
          "the server answered with status " + status + " and no description",
          UNKNOWN_CODE,
          category,
          category.httpStatus() == 503 || category.httpStatus() == 429 || status == 504,
          "Check that the address is that of the intended service.",
          Optional.empty());
    }
  }

  private static ErrorCategory categoryOf(int status) {
    for (ErrorCategory category : ErrorCategory.values()) {
      // 502 from a foreign gateway says that the service is away, not that a proof failed.
      if (category.httpStatus() == status && category != ErrorCategory.VERIFICATION) {
        return category;
      }
    }
    return status == 502 ? ErrorCategory.UNAVAILABLE : ErrorCategory.INTERNAL;
  }

  private static String title(ErrorCategory category) {
    String words = category.text().replace('-', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String text(JsonObject json, String name) {
    if (json.get(name).orElse(new JsonNull()) instanceof JsonString(String value)
        && value.length() <= MAX_TEXT) {
      return value;
    }
    throw new WireException(
        WireException.Code.JSON_UNEXPECTED, "a problem has a text '" + name + "'");
  }
}
