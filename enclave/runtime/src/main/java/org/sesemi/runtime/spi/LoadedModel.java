package org.sesemi.runtime.spi;

import java.util.List;
import org.sesemi.wire.TensorMetadata;

/**
 * A model in the memory of an engine: one copy of the weights that all its contexts share.
 *
 * <p>Thread-safe, except that {@link #close} is called once and after all contexts are closed.
 */
public interface LoadedModel extends AutoCloseable {

  /** {@return the inputs in the order of the model} */
  List<TensorMetadata> inputs();

  /** {@return the outputs in the order of the model} */
  List<TensorMetadata> outputs();

  /** {@return the memory that the model is estimated to hold, contexts left aside} */
  long memoryBytes();

  /** {@return a new context, which runs one request at a time} */
  InferenceContext openContext();

  /** Releases the memory of the model. */
  @Override
  void close();
}
