package org.sesemi.runtime.internal.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;
import org.sesemi.runtime.spi.InferenceContext;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.TensorMetadata;

/** One session of the engine, which serves all contexts at the same time. */
final class OnnxModel implements LoadedModel {

  /** What a session takes beside the model's bytes: copies of packed weights, graph, arena. */
  private static final long SIZE_FACTOR = 3;

  private static final long BASE_BYTES = 4L << 20;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<TensorMetadata> inputs;
  private final List<TensorMetadata> outputs;
  private final long memoryBytes;

  private OnnxModel(
      OrtEnvironment environment,
      OrtSession session,
      List<TensorMetadata> inputs,
      List<TensorMetadata> outputs,
      long memoryBytes) {
    this.environment = environment;
    this.session = session;
    this.inputs = inputs;
    this.outputs = outputs;
    this.memoryBytes = memoryBytes;
  }

  /** Takes over a session, which is closed when its signature cannot be served. */
  static OnnxModel of(OrtEnvironment environment, OrtSession session, int modelBytes)
      throws OrtException {
    boolean taken = false;
    try {
      OnnxModel model =
          new OnnxModel(
              environment,
              session,
              signatures("input", session.getInputInfo().values().stream().toList()),
              signatures("output", session.getOutputInfo().values().stream().toList()),
              BASE_BYTES + SIZE_FACTOR * modelBytes);
      taken = true;
      return model;
    } finally {
      if (!taken) {
        session.close();
      }
    }
  }

  private static List<TensorMetadata> signatures(String role, List<NodeInfo> nodes) {
    return nodes.stream().map(node -> OnnxTypes.signature(role, node)).toList();
  }

  @Override
  public List<TensorMetadata> inputs() {
    return inputs;
  }

  @Override
  public List<TensorMetadata> outputs() {
    return outputs;
  }

  @Override
  public long memoryBytes() {
    return memoryBytes;
  }

  @Override
  public InferenceContext openContext() {
    return new OnnxContext(environment, session, outputs);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException(
          ModelException.Code.FAILED, "the engine did not release the model (" + e.getCode() + ")");
    }
  }
}
