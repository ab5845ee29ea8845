package org.sesemi.cli.internal;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A failure that the command line itself finds. */
public final class CliException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong in a command. */
  public enum Code implements ErrorCode {
    /** The command was written wrongly. */
    USAGE("usage.wrong", ErrorCategory.INVALID, false, "Add --help to the command for its usage."),
    /** A JSON input is not an inference request. */
    INPUT_NOT_JSON(
        "input.not-json",
        ErrorCategory.INVALID,
        false,
        "Give an Open Inference Protocol request: {\"inputs\":[{\"name\":...,\"datatype\":...,"
            + "\"shape\":[...],\"data\":[...]}]}"),
    /** The state folder was not made by this program. */
    HOME_FOREIGN(
        "home.foreign",
        ErrorCategory.CONFLICT,
        false,
        "Name an empty or a new folder with --home FOLDER."),
    /** The state folder was made by a version that this one does not read. */
    HOME_VERSION(
        "home.version-unknown",
        ErrorCategory.CONFLICT,
        false,
        "Use the version that made the folder, or another folder with --home FOLDER."),
    /** The state in the folder belongs to another build. */
    HOME_STALE(
        "home.stale",
        ErrorCategory.CONFLICT,
        false,
        "Sealed state opens only to the build that wrote it: use that build, or another folder with"
            + " --home FOLDER."),
    /** Others may look into the state folder. */
    HOME_OPEN(
        "home.permissions",
        ErrorCategory.CONFLICT,
        false,
        "Make it private again: chmod -R go-rwx FOLDER"),
    /** The state folder cannot be written. */
    HOME_UNWRITABLE(
        "home.unwritable",
        ErrorCategory.INVALID,
        false,
        "Name a folder that you may write with --home FOLDER."),
    /** No stack was ever started with this state folder. */
    NOT_SET_UP("stack.not-set-up", ErrorCategory.UNAVAILABLE, true, "Start it with: sesemi up"),
    /** The stack does not run. */
    NOT_RUNNING("stack.not-running", ErrorCategory.UNAVAILABLE, true, "Start it with: sesemi up"),
    /** A part did not become ready in time. */
    NOT_READY(
        "stack.not-ready",
        ErrorCategory.DEADLINE,
        true,
        "Look into the logs that the message names, or ask: sesemi doctor"),
    /** A part of the stack ended while it started. */
    START_FAILED(
        "stack.start-failed",
        ErrorCategory.UNAVAILABLE,
        true,
        "Look into the logs that the message names, or ask: sesemi doctor"),
    /** Another command changes the same stack. */
    BUSY("stack.busy", ErrorCategory.BUSY, true, "Wait until the other command is done."),
    /** Something else listens on a port that is needed. */
    PORT_IN_USE(
        "port.in-use",
        ErrorCategory.UNAVAILABLE,
        true,
        "Choose another with --port N, or --port 0 for any free one."),
    /** The programs that the stack is made of are not there. */
    DIST_MISSING(
        "dist.missing",
        ErrorCategory.UNAVAILABLE,
        false,
        "Run ./sesemi from the repository: it builds what is missing."),
    /** No identity has the given name. */
    IDENTITY_UNKNOWN(
        "identity.unknown",
        ErrorCategory.NOT_FOUND,
        false,
        "See which there are with: sesemi key show; make one with: sesemi key create NAME"),
    /** An identity of this name exists already. */
    IDENTITY_EXISTS(
        "identity.exists", ErrorCategory.CONFLICT, false, "Choose another name; keys are kept."),
    /** A file of the state folder is damaged. */
    STATE_DAMAGED(
        "state.damaged",
        ErrorCategory.CONFLICT,
        false,
        "Restore the file from a backup, or begin with another folder: --home FOLDER"),
    /** There is nothing yet to verify. */
    NOTHING_TO_VERIFY(
        "receipt.none",
        ErrorCategory.NOT_FOUND,
        false,
        "Receipts are kept by: sesemi infer MODEL --input FILE"),
    /** A receipt does not verify. */
    RECEIPT_INVALID(
        "receipt.invalid",
        ErrorCategory.VERIFICATION,
        false,
        "Do not rely on the answer; the failed step says what differs."),
    /** A step of the demo ended otherwise than it should. */
    DEMO_FAILED(
        "demo.failed",
        ErrorCategory.INTERNAL,
        false,
        "Look into the logs that the message names, and report it."),
    /** The machine lacks something. */
    DOCTOR_FOUND(
        "doctor.found",
        ErrorCategory.UNAVAILABLE,
        false,
        "Repair what the list marks, then run: sesemi doctor"),
    /** A defect of this program. */
    DEFECT(
        "internal.defect",
        ErrorCategory.INTERNAL,
        false,
        "This is a defect; please report it with the command that led to it.");

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

  /**
   * Makes a failure.
   *
   * @param code what went wrong
   * @param message where and how, free of secrets
   */
  public CliException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what went wrong
   * @param message where and how, free of secrets
   * @param cause what led to it
   */
  public CliException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
