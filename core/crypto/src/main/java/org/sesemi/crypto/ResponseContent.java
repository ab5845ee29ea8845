package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.Problem;

/**
 * What only the client reads of a sealed response: a result, or a problem that may speak of the
 * request's content.
 *
 * @param commitmentSalt 32 random bytes that hide the body behind the receipt's commitment
 * @param body the Open Inference Protocol body; empty with a problem
 * @param problem what went wrong, when something did
 */
public record ResponseContent(Bytes commitmentSalt, OipBody body, Optional<Problem> problem) {

  /** The outcome of a request that was answered. */
  public static final String OK = "ok";

  /** The outcome of a request that was understood and refused. */
  public static final String ERROR = "error";

  private static final int MAX_NAME = 32;
  private static final int MAX_PROBLEM = 1 << 16;

  /** Checks the fields. */
  public ResponseContent {
    requireNonNull(body, "body");
    requireNonNull(problem, "problem");
    if (commitmentSalt.length() != RequestContent.SALT_LENGTH) {
      throw new IllegalArgumentException("a commitment salt has 32 bytes");
    }
  }

  /** {@return {@value #OK} or {@value #ERROR}} */
  public String outcome() {
    return problem.isPresent() ? ERROR : OK;
  }

  CborMap.Around around() {
    CborMap.Builder map =
        CborMap.versioned()
            .put(1, outcome())
            .put(2, commitmentSalt)
            .put(4, body.jsonHeaderLength());
    problem.ifPresent(value -> map.put(5, value.encode()));
    return map.around(3, body.bytes().remaining());
  }

  static ResponseContent decode(ByteBuffer content) {
    CborReader reader = CborReader.versioned(content);
    String outcome = reader.text(1, MAX_NAME);
    Bytes salt = reader.byteString(2, RequestContent.SALT_LENGTH);
    ByteBuffer body = reader.slice(3);
    int headerLength = reader.int32(4, OipBody.PLAIN_JSON, Integer.MAX_VALUE);
    Optional<Problem> problem = reader.optionalBytes(5, 2, MAX_PROBLEM).map(Problem::decode);
    reader.finish();
    ResponseContent result = new ResponseContent(salt, new OipBody(body, headerLength), problem);
    if (!result.outcome().equals(outcome)) {
      throw new CryptoException(
          CryptoException.Code.ENVELOPE_MALFORMED, "the outcome contradicts the content");
    }
    return result;
  }

  @Override
  public String toString() {
    return "ResponseContent[" + outcome() + ", " + body.bytes().remaining() + " bytes]";
  }
}
