package org.sesemi.runtime.internal;

import java.util.Locale;

/** A part of the way of a request whose time is measured. */
public enum Stage {
  /** Waiting for a free place to infer. */
  QUEUE,
  /** Making an attested connection to the key service. */
  ATTEST,
  /** Fetching keys, the connection included. */
  KEYS,
  /** Reading the sealed package. */
  FETCH,
  /** Decrypting the package. */
  DECRYPT,
  /** Making the engine's form of the model. */
  LOAD,
  /** Opening the sealed request. */
  OPEN,
  /** Running the model. */
  INFER,
  /** Sealing the answer and signing the receipt. */
  SEAL;

  /** Returns the name in headers and metrics. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
