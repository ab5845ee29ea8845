package org.sesemi.sdk;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * Where a client finds things, and what they must prove to be.
 *
 * @param keyService where the key service listens
 * @param keyServicePolicy the encoded policy that its evidence must satisfy
 * @param clusterId the pinned name of its cluster; empty only to learn it for the first time
 * @param runtimePolicy the encoded policy of the runtimes that this client trusts with its keys
 * @param packer where sealed requests go
 * @param storage the folder that sealed models are published into
 */
public record ClientConfig(
    InetSocketAddress keyService,
    Bytes keyServicePolicy,
    Optional<Digest> clusterId,
    Bytes runtimePolicy,
    URI packer,
    Path storage) {

  /** Checks that everything is there. */
  public ClientConfig {
    requireNonNull(keyService, "keyService");
    requireNonNull(keyServicePolicy, "keyServicePolicy");
    requireNonNull(clusterId, "clusterId");
    requireNonNull(runtimePolicy, "runtimePolicy");
    requireNonNull(packer, "packer");
    requireNonNull(storage, "storage");
  }
}
