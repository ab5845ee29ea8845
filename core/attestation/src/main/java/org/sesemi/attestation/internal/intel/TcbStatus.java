package org.sesemi.attestation.internal.intel;

import org.sesemi.attestation.internal.Unreadable;

/** Intel's opinion of a level. */
public enum TcbStatus {
  /** Everything is current. */
  UP_TO_DATE("UpToDate"),
  /** Software inside must defend itself against known attacks. */
  SW_HARDENING_NEEDED("SWHardeningNeeded"),
  /** The platform may need another configuration. */
  CONFIGURATION_NEEDED("ConfigurationNeeded"),
  /** Both. */
  CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
  /** An update is missing. */
  OUT_OF_DATE("OutOfDate"),
  /** An update is missing, and the platform may need another configuration. */
  OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
  /** The level must not be trusted. */
  REVOKED("Revoked"),
  /** The module was updated while the domain ran; started again, the domain would be current. */
  TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
  /** The same, and the platform may need another configuration. */
  TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded");

  private final String text;

  TcbStatus(String text) {
    this.text = text;
  }

  /** {@return Intel's word} */
  public String text() {
    return text;
  }

  /**
   * {@return the status with a word of signed collateral}
   *
   * @throws Unreadable when it is unknown, or one that only comes out of an evaluation
   */
  static TcbStatus parse(String text) {
    for (TcbStatus status : values()) {
      if (status.text.equals(text) && !status.advisesRelaunch()) {
        return status;
      }
    }
    throw new Unreadable("a TCB level has an unknown status");
  }

  /** {@return whether no update is missing} */
  boolean current() {
    return switch (this) {
      case UP_TO_DATE,
          SW_HARDENING_NEEDED,
          CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED ->
          true;
      case OUT_OF_DATE,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          REVOKED,
          TD_RELAUNCH_ADVISED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          false;
    };
  }

  private boolean advisesRelaunch() {
    return this == TD_RELAUNCH_ADVISED || this == TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED;
  }

  /** {@return whether the platform may need another configuration} */
  boolean configurationNeeded() {
    return switch (this) {
      case CONFIGURATION_NEEDED,
          CONFIGURATION_AND_SW_HARDENING_NEEDED,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          true;
      case UP_TO_DATE, SW_HARDENING_NEEDED, OUT_OF_DATE, REVOKED, TD_RELAUNCH_ADVISED -> false;
    };
  }

  /**
   * {@return this status of a platform together with that of a part of its own}
   *
   * @param part the status of the TDX module or the quoting enclave
   */
  TcbStatus with(TcbStatus part) {
    if (this == REVOKED || part == REVOKED) {
      return REVOKED;
    }
    if (part.current()) {
      return this;
    }
    return switch (this) {
      case UP_TO_DATE, SW_HARDENING_NEEDED -> OUT_OF_DATE;
      case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED ->
          OUT_OF_DATE_CONFIGURATION_NEEDED;
      case OUT_OF_DATE,
          OUT_OF_DATE_CONFIGURATION_NEEDED,
          REVOKED,
          TD_RELAUNCH_ADVISED,
          TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED ->
          this;
    };
  }
}
