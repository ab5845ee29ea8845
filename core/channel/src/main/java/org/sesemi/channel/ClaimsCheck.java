package org.sesemi.channel;

import java.util.List;
import org.sesemi.attestation.Claims;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;

/**
 * What a client demands of an attested server beyond its evidence, for example that it belongs to a
 * certain cluster.
 */
@FunctionalInterface
public interface ClaimsCheck {

  /** Demands nothing beyond the evidence. */
  ClaimsCheck NONE = (_, _) -> List.of();

  /**
   * Checks the claims of a server whose evidence was accepted.
   *
   * @param claims what was verified
   * @param claimsBytes what the server says about itself; its evidence covers it
   * @return the checks, with names of their own; the connection is refused unless all passed. A
   *     coded exception refuses it with another code
   */
  List<Check> check(Claims claims, Bytes claimsBytes);
}
