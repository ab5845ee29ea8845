package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.OipBody;

/**
 * What only the runtime reads of a sealed request.
 *
 * @param operation what is asked for
 * @param epoch the highest policy epoch of the cluster that the client knows; keys of a lower one
 *     are not good enough
 * @param isolation the least isolation that the user accepts
 * @param commitmentSalt 32 random bytes that hide the body behind the receipt's commitment
 * @param body the Open Inference Protocol body
 */
public record RequestContent(
    Operation operation, long epoch, IsolationLevel isolation, Bytes commitmentSalt, OipBody body) {

  /** The number of bytes of a commitment salt. */
  public static final int SALT_LENGTH = 32;

  private static final int MAX_NAME = 32;

  /** What a request asks for. */
  public enum Operation {
    /** Run the model on the body's tensors. */
    INFER("infer"),
    /** Tell the model's tensor signature; the body is empty. */
    METADATA("metadata");

    private final String text;

    Operation(String text) {
      this.text = text;
    }

    /** {@return the name in the message} */
    public String text() {
      return text;
    }

    static Operation parse(String text) {
      for (Operation operation : values()) {
        if (operation.text.equals(text)) {
          return operation;
        }
      }
      throw new CryptoException(
          CryptoException.Code.ENVELOPE_MALFORMED, "the request asks for an unknown operation");
    }
  }

  /** Checks the fields. */
  public RequestContent {
    requireNonNull(operation, "operation");
    requireNonNull(isolation, "isolation");
    requireNonNull(body, "body");
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs count from 1, not " + epoch);
    }
    if (commitmentSalt.length() != SALT_LENGTH) {
      throw new IllegalArgumentException("a commitment salt has 32 bytes");
    }
  }

  CborMap.Around around() {
    return CborMap.versioned()
        .put(1, operation.text())
        .put(2, epoch)
        .put(3, isolation.text())
        .put(4, commitmentSalt)
        .put(6, body.jsonHeaderLength())
        .around(5, body.bytes().remaining());
  }

  static RequestContent decode(ByteBuffer content) {
    CborReader reader = CborReader.versioned(content);
    Operation operation = reader.parsed(1, MAX_NAME, Operation::parse);
    long epoch = reader.integer(2, 1, Long.MAX_VALUE);
    IsolationLevel isolation = reader.parsed(3, MAX_NAME, IsolationLevel::parse);
    Bytes salt = reader.byteString(4, SALT_LENGTH);
    ByteBuffer body = reader.slice(5);
    int headerLength = reader.int32(6, OipBody.PLAIN_JSON, Integer.MAX_VALUE);
    reader.finish();
    return new RequestContent(operation, epoch, isolation, salt, new OipBody(body, headerLength));
  }

  @Override
  public String toString() {
    return "RequestContent[" + operation.text() + ", " + body.bytes().remaining() + " bytes]";
  }
}
