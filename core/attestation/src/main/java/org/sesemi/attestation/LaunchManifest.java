package org.sesemi.attestation;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.Digest;

/**
 * The ordered list of everything that a measurement covers.
 *
 * <p>Guarantees: two manifests have the same measurement only when every component is the same, in
 * the same order; the list says nothing about where the files are.
 *
 * @param components the components, sorted by kind and name, none twice
 */
public record LaunchManifest(List<LaunchComponent> components) {

  private static final byte[] MEASUREMENT_DOMAIN =
      "sesemi/v1/measurement".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONFIG_DOMAIN =
      "sesemi/v1/config".getBytes(StandardCharsets.US_ASCII);

  /** Copies and checks the list. */
  public LaunchManifest {
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new IllegalArgumentException("a manifest without components measures nothing");
    }
    Set<String> seen = new HashSet<>();
    for (LaunchComponent component : components) {
      if (!seen.add(component.kind() + " " + component.name())) {
        throw new IllegalArgumentException("measured twice: " + component.name());
      }
    }
  }

  /** {@return the code measurement of an enclave started from exactly these components} */
  public Digest measurement() {
    byte[] list =
        CborMap.versioned()
            .putMaps(1, components.stream().map(LaunchComponent::toCbor).toList())
            .build()
            .encode();
    return Digest.sha256(MEASUREMENT_DOMAIN, list);
  }

  /**
   * {@return the digest of a configuration, which evidence carries beside the measurement}
   *
   * @param config the exact bytes of the configuration
   */
  public static Digest configDigest(byte[] config) {
    return Digest.sha256(CONFIG_DOMAIN, config);
  }
}
