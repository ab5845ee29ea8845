package org.sesemi.sdk;

import java.nio.file.Path;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ModelId;

/**
 * A model version that was sealed and published.
 *
 * @param modelId the model
 * @param version its new current version
 * @param manifestDigest the digest of the sealed package's manifest
 * @param plainBytes the size of the model file
 * @param sealedBytes the size of the sealed package
 * @param file where the sealed package is
 */
public record Publication(
    ModelId modelId,
    long version,
    Digest manifestDigest,
    long plainBytes,
    long sealedBytes,
    Path file) {}
