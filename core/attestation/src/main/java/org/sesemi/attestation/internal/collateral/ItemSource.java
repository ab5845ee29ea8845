package org.sesemi.attestation.internal.collateral;

import java.util.Map;
import org.sesemi.wire.Bytes;

/** Where single items come from. Implementations are thread-safe. */
@FunctionalInterface
public interface ItemSource {

  /**
   * Gets an item. What it is worth is judged by the caller.
   *
   * @param item which
   * @return the document and its issuer chain, by name
   * @throws org.sesemi.attestation.AttestationException with {@code
   *     attestation.collateral-unavailable} when it cannot be had
   */
  Map<String, Bytes> fetch(Item item);
}
