package org.sesemi.keyservice.internal;

import java.time.Duration;

/**
 * The bounds that the key service keeps.
 *
 * @param maxModels how many models one party may own
 * @param maxVersions how many versions one model may have
 * @param maxModelKeys how many keys one model may have at a time
 * @param maxGrants how many grants one model may have, ended ones included
 * @param maxRequestKeys how many request keys one user may have at a time
 * @param statementWindow how far the time of a statement may be from now
 * @param leaseDuration how long released keys may be used
 * @param leaseBudget for how many requests released keys may be used
 * @param certificateValidity how long an instance certificate is valid
 */
record Limits(
    int maxModels,
    int maxVersions,
    int maxModelKeys,
    int maxGrants,
    int maxRequestKeys,
    Duration statementWindow,
    Duration leaseDuration,
    long leaseBudget,
    Duration certificateValidity) {

  /** The bounds in use. */
  static final Limits DEFAULT =
      new Limits(
          1_000,
          10_000,
          1_000,
          100_000,
          10_000,
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          10_000,
          Duration.ofHours(24));
}
