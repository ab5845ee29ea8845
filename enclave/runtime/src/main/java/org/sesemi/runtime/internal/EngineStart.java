package org.sesemi.runtime.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.spi.InferenceEngine;

/**
 * An engine that starts in a thread of its own while the rest of the runtime starts, too.
 *
 * @param task the start
 */
public record EngineStart(FutureTask<InferenceEngine> task) {

  /** Tells whether the engine has started. */
  public boolean ready() {
    return task.state() == Future.State.SUCCESS;
  }

  /** Returns the engine, waiting for its start. */
  public InferenceEngine get() {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new FunctionException(
          FunctionException.Code.INTERNAL, "the inference engine did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FunctionException(
          FunctionException.Code.INTERNAL, "interrupted while the inference engine starts", e);
    }
  }
}
