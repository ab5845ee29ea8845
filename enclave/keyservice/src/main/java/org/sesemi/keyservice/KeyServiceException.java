package org.sesemi.keyservice;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/**
 * A refusal or failure of the key service. What its message says goes to whoever asked; reasons
 * that only owner and user may know are in the audit log.
 */
public final class KeyServiceException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What the key service refuses, and what can fail in it. */
  public enum Code implements ErrorCode {
    /** A statement names another party than the connection does. */
    STATEMENT_ACTOR(
        "statement.actor",
        ErrorCategory.UNAUTHENTICATED,
        "Sign the statement with the key of the connection."),
    /** The signature of a statement does not verify. */
    STATEMENT_SIGNATURE(
        "statement.signature",
        ErrorCategory.UNAUTHENTICATED,
        "Sign exactly the bytes that are sent, with the statement label in front."),
    /** A statement is meant for another cluster. */
    STATEMENT_OTHER_CLUSTER(
        "statement.other-cluster",
        ErrorCategory.INVALID,
        "Read the cluster id from the key service that you mean and sign again."),
    /** A statement was made too long before or after now. */
    STATEMENT_TIME(
        "statement.time",
        ErrorCategory.INVALID,
        "Compare your clock with the service time in GET /v1/cluster."),
    /** The same statement came before. */
    STATEMENT_REPLAYED(
        "statement.replayed",
        ErrorCategory.CONFLICT,
        "It took effect the first time; sign a new statement to ask again."),
    /** A party asked for what enclaves may ask, or the other way round. */
    PEER_ROLE(
        "peer.role",
        ErrorCategory.DENIED,
        "Statements come from parties, provisioning requests from enclaves."),
    /** The model belongs to somebody else. */
    MODEL_NOT_OWNED(
        "model.not-owned", ErrorCategory.DENIED, "The model id must begin with your own party id."),
    /** No such model is known to the asker. */
    MODEL_UNKNOWN(
        "model.unknown",
        ErrorCategory.NOT_FOUND,
        "Check the model id; the owner must have published a version."),
    /** A published version does not grow. */
    MODEL_VERSION_NOT_NEWER(
        "model.version-not-newer",
        ErrorCategory.CONFLICT,
        "Publish under a number above the current version; versions are never replaced."),
    /** The grant covers no version that exists. */
    MODEL_VERSION_NOT_ALLOWED(
        "model.version-not-allowed",
        ErrorCategory.DENIED,
        "The owner's version rule covers no published version."),
    /** The keys of all versions that the grant covers were deleted. */
    MODEL_KEY_DELETED(
        "model.key-deleted",
        ErrorCategory.NOT_FOUND,
        "The owner deleted the key; a version under a new key has to be published."),
    /** No key has this name. */
    KEY_UNKNOWN("key.unknown", ErrorCategory.NOT_FOUND, "Put the key first, for this model."),
    /** A key with this name is there already. */
    KEY_EXISTS(
        "key.exists",
        ErrorCategory.CONFLICT,
        "Keys are never replaced: put the new key under a fresh id."),
    /** No grant of the model covers the user. */
    GRANT_NONE("grant.none", ErrorCategory.DENIED, "Ask the owner of the model for a grant."),
    /** The grant ended by itself. */
    GRANT_EXPIRED("grant.expired", ErrorCategory.DENIED, "Ask the owner for a new grant."),
    /** The owner ended the grant. */
    GRANT_REVOKED("grant.revoked", ErrorCategory.DENIED, "Ask the owner of the model."),
    /** No grant has this name. */
    GRANT_UNKNOWN(
        "grant.unknown", ErrorCategory.NOT_FOUND, "List the grants of the model for their ids."),
    /** A grant would have ended before it began. */
    GRANT_EXPIRY_PAST(
        "grant.expiry-past", ErrorCategory.INVALID, "Choose an expiry in the future."),
    /** The owner's grant does not accept the runtime. */
    RUNTIME_NOT_GRANTED(
        "runtime.measurement-not-granted",
        ErrorCategory.DENIED,
        "The owner's grant names other runtimes than the one that asked."),
    /** The user's own policy does not accept the runtime. */
    RUNTIME_NOT_ACCEPTED(
        "runtime.measurement-not-accepted",
        ErrorCategory.DENIED,
        "The user's request key names other runtimes than the one that asked."),
    /** Somebody outside can look into the runtime. */
    RUNTIME_DEBUG(
        "runtime.debug", ErrorCategory.DENIED, "Start the runtime without the debug attribute."),
    /** The connection is older than its evidence is valid. */
    RUNTIME_EVIDENCE_EXPIRED(
        "runtime.evidence-expired",
        ErrorCategory.UNAUTHENTICATED,
        "Connect again with fresh evidence.",
        true),
    /** The key to be certified is not the attested one. */
    PROVISION_RECEIPT_KEY(
        "provision.receipt-key",
        ErrorCategory.DENIED,
        "Ask with the receipt key that the connection's evidence covers."),
    /** The asker has seen a higher epoch than this service. */
    EPOCH_BEHIND(
        "epoch.behind",
        ErrorCategory.UNAVAILABLE,
        "This key service is older than another of its cluster; ask that one.",
        true),
    /** Too many requests at present. */
    RATE_EXCEEDED("rate.exceeded", ErrorCategory.BUSY, "Wait a second and ask again.", true),
    /** A party keeps as much as it may. */
    LIMIT_REACHED(
        "limit.reached", ErrorCategory.TOO_LARGE, "Delete what is no longer needed, then repeat."),
    /** The stored state is older than the last one that was acknowledged. */
    STATE_ROLLED_BACK(
        "state.rolled-back",
        ErrorCategory.VERIFICATION,
        "The data folder holds an old copy; put the newest one back."),
    /** The stored state is damaged or put together from several states. */
    STATE_TAMPERED(
        "state.tampered",
        ErrorCategory.VERIFICATION,
        "The data folder was changed from outside; put an unchanged copy of the newest state back."),
    /** The state was sealed by another build of the key service or on another platform. */
    STATE_SEALED_ELSEWHERE(
        "state.sealed-elsewhere",
        ErrorCategory.VERIFICATION,
        "Only the build that made the state, on its own platform, can open it."),
    /** Another process has the data folder open. */
    STATE_LOCKED(
        "state.locked",
        ErrorCategory.UNAVAILABLE,
        "Stop the other key service on this data folder.",
        true),
    /** Another process of the same build moved the platform's counter. */
    STATE_FORKED(
        "state.forked",
        ErrorCategory.UNAVAILABLE,
        "Another key service of the same build runs on this platform; only one may.",
        true),
    /** Writing or reading the database failed. */
    STORE_FAILED(
        "store.failed",
        ErrorCategory.UNAVAILABLE,
        "Nothing was acknowledged; the service restarts, then repeat.",
        true),
    /** The measured configuration or a parameter is not in its form. */
    CONFIG_INVALID("config.invalid", ErrorCategory.INVALID, "Compare it with the documentation."),
    /** No such path or method. */
    REQUEST_UNKNOWN("request.unknown", ErrorCategory.NOT_FOUND, "Check method and path."),
    /** A message is longer than its kind may be. */
    REQUEST_TOO_LARGE("request.too-large", ErrorCategory.TOO_LARGE, "Send a smaller message."),
    /** A defect of the key service. */
    INTERNAL(
        "keyservice.internal",
        ErrorCategory.INTERNAL,
        "Report it with the log of the key service.");

    private final String code;
    private final ErrorCategory category;
    private final String hint;
    private final boolean retryable;

    Code(String code, ErrorCategory category, String hint) {
      this(code, category, hint, false);
    }

    Code(String code, ErrorCategory category, String hint, boolean retryable) {
      this.code = code;
      this.category = category;
      this.hint = hint;
      this.retryable = retryable;
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

  /**
   * Makes a refusal or failure.
   *
   * @param code which one
   * @param message what happened, fit for whoever asked
   */
  public KeyServiceException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code which one
   * @param message what happened, fit for whoever asked
   * @param cause what led to it
   */
  public KeyServiceException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
