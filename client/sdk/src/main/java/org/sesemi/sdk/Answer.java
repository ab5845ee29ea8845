package org.sesemi.sdk;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.VerificationRecord;

/**
 * The answer to one request, opened and proven.
 *
 * @param response what the model gave
 * @param modelId the model
 * @param modelVersion the version that answered
 * @param requestId the request that it answers
 * @param receipt the proof that can be kept and shown
 * @param record each step of its verification
 * @param path what the function had to do first, {@code cold}, {@code warm} or {@code hot}; said by
 *     machines that are not trusted
 * @param stages how long each stage took, in milliseconds; said by machines that are not trusted
 * @param duration from sealing to the opened answer
 * @param sealedBytes what travelled, request and answer together
 * @param plainBytes what was inside, request and answer together
 */
public record Answer(
    InferResponse response,
    ModelId modelId,
    long modelVersion,
    RequestId requestId,
    ReceiptBundle receipt,
    VerificationRecord record,
    Optional<String> path,
    Map<String, Double> stages,
    Duration duration,
    long sealedBytes,
    long plainBytes) {

  /** Copies the stages in their order. */
  public Answer {
    stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
  }
}
