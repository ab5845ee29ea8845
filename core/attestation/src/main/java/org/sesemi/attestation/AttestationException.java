package org.sesemi.attestation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;
import org.sesemi.wire.VerificationRecord;
import org.sesemi.wire.WireException;

/**
 * Evidence that does not verify, a policy that it does not satisfy, or a launch folder that cannot
 * be measured. Where checks were made, all of them are attached.
 */
public final class AttestationException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can be wrong. */
  public enum Code implements ErrorCode {
    /** Bytes are not evidence, a policy or a part of them. */
    MALFORMED(
        "attestation.malformed",
        ErrorCategory.VERIFICATION,
        "The message was damaged, or the peer speaks another protocol."),
    /** A message has a format version that this program does not read. */
    VERSION_UNKNOWN(
        "attestation.version-unknown",
        ErrorCategory.VERIFICATION,
        "Update the older of the two programs."),
    /** A message names a platform that this program does not know. */
    PLATFORM_UNKNOWN(
        "attestation.platform-unknown",
        ErrorCategory.VERIFICATION,
        "Update the older of the two programs."),
    /** The evidence is of another platform than the policy is for. */
    PLATFORM_MISMATCH(
        "attestation.platform-mismatch",
        ErrorCategory.VERIFICATION,
        "Use a policy for the platform that the enclave runs on."),
    /** No pinned root signed the endorsement. */
    ROOT_UNTRUSTED(
        "attestation.root-untrusted",
        ErrorCategory.VERIFICATION,
        "Compare the platform root in the policy with that of the deployment."),
    /** The launch certificate is not yet valid. */
    NOT_YET_VALID(
        "attestation.not-yet-valid",
        ErrorCategory.VERIFICATION,
        "Compare the clocks of both machines."),
    /** The launch certificate is no longer valid. */
    EXPIRED(
        "attestation.expired",
        ErrorCategory.VERIFICATION,
        "Start the enclave again, or compare the clocks of both machines."),
    /** The report is not signed by the endorsed launch. */
    SIGNATURE_INVALID(
        "attestation.signature-invalid",
        ErrorCategory.VERIFICATION,
        "The evidence was changed or put together from different ones."),
    /** Report and launch certificate speak about different launches. */
    LAUNCH_MISMATCH(
        "attestation.launch-mismatch",
        ErrorCategory.VERIFICATION,
        "The evidence was put together from different ones."),
    /** Somebody outside can look into the enclave. */
    DEBUG_ENABLED(
        "attestation.debug-enabled",
        ErrorCategory.VERIFICATION,
        "Start the enclave without debugging."),
    /** The evidence was made for another connection, nonce, key or set of claims. */
    REPORT_DATA_MISMATCH(
        "attestation.report-data-mismatch",
        ErrorCategory.VERIFICATION,
        "The evidence belongs to another connection: somebody relays or replays it."),
    /** No policy entry has the measurement. */
    MEASUREMENT_NOT_ALLOWED(
        "attestation.measurement-not-allowed",
        ErrorCategory.VERIFICATION,
        "Compare with `sesemi measure`, then change the policy or the deployment."),
    /** The measurement is allowed, but with another configuration. */
    CONFIG_NOT_ALLOWED(
        "attestation.config-not-allowed",
        ErrorCategory.VERIFICATION,
        "Compare the measured configuration with the one that the policy names."),
    /** Something could not be checked. */
    INCOMPLETE(
        "attestation.incomplete",
        ErrorCategory.VERIFICATION,
        "Provide what the unverified check needs."),
    /** A policy would accept nothing, or something that means nothing. */
    POLICY_EMPTY(
        "attestation.policy-empty",
        ErrorCategory.INVALID,
        "Name at least one root and one measurement."),
    /** The platform did not produce evidence. */
    PLATFORM_UNAVAILABLE(
        "attestation.platform-unavailable",
        ErrorCategory.UNAVAILABLE,
        "Look into the log of the platform, then start the enclave again."),
    /** A launch folder misses something or holds something that it should not. */
    LAUNCH_FOLDER(
        "attestation.launch-folder",
        ErrorCategory.INVALID,
        "A launch folder holds jdk, lib, natives and launch.json, and nothing else."),
    /** Others than the owner can change a file of a launch folder. */
    LAUNCH_WRITABLE(
        "attestation.launch-writable",
        ErrorCategory.INVALID,
        "Take the write permission of group and others away: chmod -R go-w FOLDER."),
    /** The description of a launch says something that is not allowed. */
    LAUNCH_DESCRIPTION(
        "attestation.launch-description",
        ErrorCategory.INVALID,
        "Correct launch.json; options that load unmeasured code are not allowed."),
    /** A certificate chain does not lead to a pinned root, or breaks a rule on its way. */
    CHAIN_INVALID(
        "attestation.chain-invalid",
        ErrorCategory.VERIFICATION,
        "Compare the certificates with those that the vendor publishes."),
    /** A certificate or security level was revoked by the vendor. */
    REVOKED(
        "attestation.revoked",
        ErrorCategory.VERIFICATION,
        "The vendor withdrew its endorsement; replace or update the machine."),
    /** Signed collateral is not authentic, or is about something else. */
    COLLATERAL_INVALID(
        "attestation.collateral-invalid",
        ErrorCategory.VERIFICATION,
        "Fetch the collateral again, for this very machine."),
    /** Collateral is older than what was seen before. */
    COLLATERAL_ROLLBACK(
        "attestation.collateral-rollback",
        ErrorCategory.VERIFICATION,
        "Somebody serves old collateral; fetch it from the vendor."),
    /** Collateral can be had neither from the cache nor from the vendor. */
    COLLATERAL_UNAVAILABLE(
        "attestation.collateral-unavailable",
        ErrorCategory.UNAVAILABLE,
        "Fill the offline folder, or allow the way to the vendor's service."),
    /** The parts of the evidence are not bound to each other. */
    BINDING_INVALID(
        "attestation.binding-invalid",
        ErrorCategory.VERIFICATION,
        "The evidence was put together from different ones."),
    /** An attribute of the evidence contradicts its specification. */
    FIELD_INVALID(
        "attestation.field-invalid",
        ErrorCategory.VERIFICATION,
        "The evidence does not follow the vendor's specification."),
    /** The vendor knows no acceptable level for the firmware of the machine. */
    TCB_REFUSED(
        "attestation.tcb-refused",
        ErrorCategory.VERIFICATION,
        "Update firmware and microcode of the machine."),
    /** A nonce cannot show freshness. */
    NONCE(
        "attestation.nonce",
        ErrorCategory.INVALID,
        "Use at least one byte that is not zero, better 32 random bytes."),
    /** Verified claims do not satisfy the policy. */
    POLICY_REFUSED(
        "attestation.policy-refused",
        ErrorCategory.VERIFICATION,
        "Compare the claims with the policy; change the deployment rather than the policy."),
    /** A policy file says something that is not allowed or not known. */
    POLICY_INVALID(
        "attestation.policy-invalid",
        ErrorCategory.INVALID,
        "Correct the policy file; docs/attestation.md lists every key."),
    /** A folder of evidence cannot be used. */
    CASE_FOLDER(
        "attestation.case-folder",
        ErrorCategory.INVALID,
        "Name a folder with the files of one piece of evidence; see docs/attestation.md.");

    private final String code;
    private final ErrorCategory category;
    private final String hint;

    Code(String code, ErrorCategory category, String hint) {
      this.code = code;
      this.category = category;
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
      return this == PLATFORM_UNAVAILABLE || this == COLLATERAL_UNAVAILABLE;
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
   * @param code what is wrong
   * @param message where and how
   */
  public AttestationException(Code code, String message) {
    super(code, message);
    this.record = null;
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what is wrong
   * @param message where and how
   * @param cause what led to it
   */
  public AttestationException(Code code, String message, Throwable cause) {
    super(code, message, cause);
    this.record = null;
  }

  /**
   * Makes a failure of a verification.
   *
   * @param code what is wrong
   * @param message where and how
   * @param record every check that was made
   */
  public AttestationException(Code code, String message, VerificationRecord record) {
    super(code, message);
    this.record = record;
  }

  /** {@return every check that was made before the failure, when any were} */
  public Optional<VerificationRecord> record() {
    return Optional.ofNullable(record);
  }

  static AttestationException unreadable(String what, WireException cause) {
    boolean version = cause.errorCode() == WireException.Code.VERSION_UNKNOWN;
    return new AttestationException(
        version ? Code.VERSION_UNKNOWN : Code.MALFORMED,
        "the " + what + " cannot be read: " + cause.detail(),
        cause);
  }
}
