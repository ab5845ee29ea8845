package org.sesemi.attestation.internal.tpm;

import java.util.Map;
import java.util.Optional;
import org.sesemi.wire.Bytes;

/**
 * Qualified names that an attestation key can have. A qualified name is a digest over the names of
 * a key and all its parents up to a hierarchy (Part 1, 16.2), so it covers the public area of the
 * key bit by bit, and it is part of what the key signs.
 */
final class AkParents {

  private static final Map<String, Long> HIERARCHIES =
      Map.of(
          "endorsement hierarchy", TpmClient.ENDORSEMENT,
          "owner hierarchy", TpmClient.OWNER,
          "platform hierarchy", TpmClient.PLATFORM);

  private AkParents() {}

  /** Adds the qualified names, by what the key would be below. */
  static void collect(
      TpmtPublic key,
      Optional<EkCertificate> ek,
      Optional<TpmtPublic> parent,
      Map<String, Bytes> names) {
    HIERARCHIES.forEach((text, handle) -> names.put(text, key.qualifiedName(handle)));
    ek.flatMap(EkCertificate::defaultArea)
        .ifPresent(
            area ->
                names.put(
                    "endorsement key",
                    key.qualifiedName(area.qualifiedName(TpmClient.ENDORSEMENT))));
    parent.ifPresent(
        area ->
            HIERARCHIES.forEach(
                (text, handle) ->
                    names.put(
                        "supplied parent in the " + text,
                        key.qualifiedName(area.qualifiedName(handle)))));
  }
}
