package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import org.sesemi.wire.RandomSource;

/**
 * What every attested connection needs beside keys and policies.
 *
 * @param clock tells at which instant evidence must be valid
 * @param random where nonces come from
 * @param limits bounds on bytes and time
 */
public record ChannelOptions(InstantSource clock, RandomSource random, HttpLimits limits) {

  /** Checks that everything is there. */
  public ChannelOptions {
    requireNonNull(clock, "clock");
    requireNonNull(random, "random");
    requireNonNull(limits, "limits");
  }

  /** {@return the system's clock and random source, and the usual limits} */
  public static ChannelOptions system() {
    return new ChannelOptions(InstantSource.system(), RandomSource.secure(), HttpLimits.DEFAULT);
  }
}
