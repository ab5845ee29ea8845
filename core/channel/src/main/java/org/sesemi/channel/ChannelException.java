package org.sesemi.channel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;
import org.sesemi.wire.VerificationRecord;

/** A connection that could not be made, attested or used, or an HTTP message that breaks a rule. */
public final class ChannelException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong. */
  public enum Code implements ErrorCode {
    /** Nobody listens at the address. */
    UNREACHABLE(
        "channel.unreachable",
        ErrorCategory.UNAVAILABLE,
        true,
        "Check that the service runs and that the address is right."),
    /** The peer closed the connection, or it broke between two messages. */
    CLOSED(
        "channel.closed", ErrorCategory.UNAVAILABLE, true, "Connect again and repeat the request."),
    /** The connection ended in the middle of a message. */
    CUT(
        "channel.cut",
        ErrorCategory.UNAVAILABLE,
        true,
        "Connect again; when it repeats, something between the two cuts the connection."),
    /** The peer took longer than allowed. */
    TIMEOUT(
        "channel.timeout",
        ErrorCategory.DEADLINE,
        true,
        "Repeat the request; look at the load of the service when it happens again."),
    /** The TLS handshake failed, or TLS found a record that was changed. */
    TLS(
        "channel.tls",
        ErrorCategory.VERIFICATION,
        false,
        "The peer is no attested service, or something between the two changes the connection."),
    /** The peer's certificate is not the plain certificate of an Ed25519 key. */
    CERTIFICATE(
        "channel.certificate",
        ErrorCategory.VERIFICATION,
        false,
        "The peer is no attested service: its certificate has another form."),
    /** A message of the first exchange cannot be read. */
    MALFORMED(
        "channel.malformed",
        ErrorCategory.VERIFICATION,
        false,
        "The peer is no attested service, or of another version."),
    /** A message of the first exchange has a version that this program does not read. */
    VERSION_UNKNOWN(
        "channel.version-unknown",
        ErrorCategory.VERIFICATION,
        false,
        "Update the older of the two programs."),
    /** A message of the first exchange is longer than allowed. */
    TOO_LARGE(
        "channel.too-large", ErrorCategory.TOO_LARGE, false, "The peer is no attested service."),
    /** The peer sent something else before it attested. */
    NOT_ATTESTED(
        "channel.not-attested",
        ErrorCategory.UNAUTHENTICATED,
        false,
        "This port speaks to attested clients only; use the client of this project."),
    /** The peer takes a role that this service does not serve. */
    ROLE_REFUSED(
        "channel.role-refused",
        ErrorCategory.DENIED,
        false,
        "Connect as the kind of client that the service serves."),
    /** The peer has to prove what it is and sent no evidence. */
    EVIDENCE_MISSING(
        "channel.evidence-missing",
        ErrorCategory.VERIFICATION,
        false,
        "An enclave must send evidence."),
    /** The peer sent evidence in a role that has none. */
    EVIDENCE_UNEXPECTED(
        "channel.evidence-unexpected",
        ErrorCategory.VERIFICATION,
        false,
        "A party proves itself by its key alone."),
    /** The evidence answers a nonce of another exchange. */
    EVIDENCE_REPLAYED(
        "channel.evidence-replayed",
        ErrorCategory.VERIFICATION,
        false,
        "Somebody repeats evidence that was recorded earlier."),
    /** The evidence was made for a connection between others. */
    EVIDENCE_RELAYED(
        "channel.evidence-relayed",
        ErrorCategory.VERIFICATION,
        false,
        "Somebody stands between the two and passes the evidence of another on."),
    /** The evidence was made for other claims than those that came with it. */
    EVIDENCE_SPLICED(
        "channel.evidence-spliced",
        ErrorCategory.VERIFICATION,
        false,
        "Somebody put evidence and claims of different enclaves together."),
    /** The evidence verifies, but the claims sent along are not acceptable. */
    CLAIMS_REFUSED(
        "channel.claims-refused",
        ErrorCategory.VERIFICATION,
        false,
        "The peer is an accepted enclave of another deployment."),
    /** The peer, not verified at that time, refused to go on. */
    REFUSED(
        "channel.refused",
        ErrorCategory.UNAUTHENTICATED,
        false,
        "Read the reason that the peer gives; it is not verified."),
    /** An HTTP message is not well-formed. */
    HTTP_MALFORMED(
        "http.malformed", ErrorCategory.INVALID, false, "Send a well-formed HTTP/1.1 message."),
    /** The HTTP version is another than 1.1. */
    HTTP_VERSION("http.version", ErrorCategory.INVALID, false, "Use HTTP/1.1."),
    /** The body is not of a fixed length. */
    HTTP_LENGTH(
        "http.length",
        ErrorCategory.INVALID,
        false,
        "Send one Content-Length, and no Transfer-Encoding."),
    /** The header is longer than allowed. */
    HTTP_HEADER_TOO_LARGE(
        "http.header-too-large", ErrorCategory.TOO_LARGE, false, "Send fewer or shorter headers."),
    /** The body is longer than allowed. */
    HTTP_BODY_TOO_LARGE(
        "http.body-too-large", ErrorCategory.TOO_LARGE, false, "Send a smaller request."),
    /** A request came before the response to the one before it. */
    HTTP_PIPELINED(
        "http.pipelined", ErrorCategory.INVALID, false, "Wait for each response before going on."),
    /** There are more connections, requests or bytes than allowed at once. */
    HTTP_BUSY(
        "http.busy", ErrorCategory.UNAVAILABLE, true, "Repeat the request after a short while."),
    /** No handler knows the path. */
    HTTP_NOT_FOUND("http.not-found", ErrorCategory.NOT_FOUND, false, "Check method and path."),
    /** The handler failed in a way that it did not foresee. */
    INTERNAL("http.internal", ErrorCategory.INTERNAL, false, "Look into the log of the service.");

    private final String code;
    private final ErrorCategory category;
    private final boolean retryable;
    private final String hint;

    Code(String code, ErrorCategory category, boolean retryable, String hint) {
      this.code = code;
      this.category = category;
      this.retryable = retryable;
      this.hint = hint;
    }

    @Override
    public String code() {
      return code;
    }

    @Override
    public ErrorCategory category() {
      return category;
    }

    @Override
    public boolean retryable() {
      return retryable;
    }

    @Override
    public String hint() {
      return hint;
    }
  }

  private final transient @Nullable VerificationRecord record;

  /**
   * Makes a failure.
   *
   * @param code what went wrong
   * @param message where and how
   */
  public ChannelException(Code code, String message) {
    super(code, message);
    this.record = null;
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what went wrong
   * @param message where and how
   * @param cause what led to it
   */
  public ChannelException(Code code, String message, Throwable cause) {
    super(code, message, cause);
    this.record = null;
  }

  /**
   * Makes a failure of a verification.
   *
   * @param code what went wrong
   * @param message where and how
   * @param record every check that was made
   */
  public ChannelException(Code code, String message, VerificationRecord record) {
    super(code, message);
    this.record = record;
  }

  /** {@return every check that was made before the failure, when any were} */
  public Optional<VerificationRecord> record() {
    return Optional.ofNullable(record);
  }

  /** {@return what went wrong} */
  public Code kind() {
    return (Code) errorCode();
  }
}
