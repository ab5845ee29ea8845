package org.sesemi.runtime.spi;

import java.nio.ByteBuffer;

/**
 * A library that runs models.
 *
 * <p>Guarantees that every implementation gives:
 *
 * <ul>
 *   <li>A model is loaded from memory; nothing of it is written to a file.
 *   <li>Failures are {@link ModelException}s whose messages hold nothing of the model's weights, of
 *       inputs or of outputs.
 *   <li>Closing a {@link LoadedModel} gives its memory back to the process.
 * </ul>
 *
 * <p>Thread-safe.
 */
public interface InferenceEngine {

  /** {@return the name and version of the engine, for example {@code onnxruntime 1.29.0}} */
  String description();

  /** {@return the name of format and engine as the Open Inference Protocol reports it} */
  String platform();

  /**
   * Loads a model. The buffer is not needed any more when the call returns.
   *
   * @param model the model in the clear, in a direct buffer
   * @return the model, ready to run
   * @throws ModelException when the bytes are not a model that this engine can serve
   */
  LoadedModel load(ByteBuffer model);
}
