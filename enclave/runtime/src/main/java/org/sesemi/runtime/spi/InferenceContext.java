package org.sesemi.runtime.spi;

import java.util.List;
import org.sesemi.wire.Tensor;

/**
 * What one run of a model needs besides the weights.
 *
 * <p>One thread at a time runs it; {@link #terminate} may come from any thread.
 */
public interface InferenceContext extends AutoCloseable {

  /**
   * Runs the model.
   *
   * @param inputs one tensor for each input of the model, already checked against its signature
   * @param outputs the names of the wanted outputs, at least one
   * @return the outputs in the order of the names; they may be memory of this context and are valid
   *     until its next run or its end
   * @throws ModelException with {@code model.failed} when the model fails on these inputs, or
   *     {@code model.terminated} when {@link #terminate} was called
   */
  List<Tensor> run(List<Tensor> inputs, List<String> outputs);

  /** Makes the present run, or the next one when none is in progress, end with a failure. */
  void terminate();

  /** Releases what the context holds. */
  @Override
  void close();
}
