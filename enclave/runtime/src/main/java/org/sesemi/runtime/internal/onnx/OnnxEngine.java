package org.sesemi.runtime.internal.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;

/**
 * ONNX Runtime on the CPU.
 *
 * <p>Each run uses one thread and no thread waits by spinning: requests run beside each other on
 * the same session instead, bounded by their callers. The memory arena is on, because concurrent
 * runs without it take several times the memory and do not give it back. The engine's own log is
 * off: its texts name parts of the model.
 */
public final class OnnxEngine implements InferenceEngine {

  private final OrtEnvironment environment;

  private OnnxEngine(OrtEnvironment environment) {
    this.environment = environment;
  }

  /** Loads the native library and makes the engine; takes tens of milliseconds the first time. */
  public static OnnxEngine start() {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sesemi");
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("the engine keeps its telemetry on", e);
    }
    return new OnnxEngine(environment);
  }

  @Override
  public String description() {
    return "onnxruntime " + environment.getVersion();
  }

  @Override
  public String platform() {
    return "onnx_onnxruntime";
  }

  @Override
  public LoadedModel load(ByteBuffer model) {
    if (!model.isDirect()) {
      throw new IllegalArgumentException("a model is loaded from a direct buffer");
    }
    if (!model.hasRemaining()) {
      throw new ModelException(ModelException.Code.MALFORMED, "the model is empty");
    }
    OnnxModelCheck.refuseExternalData(model);
    int size = model.remaining();
    try (SessionOptions options = options()) {
      OrtSession session = environment.createSession(model.slice(), options);
      return OnnxModel.of(environment, session, size);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private static SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    options.setCPUArenaAllocator(true);
    options.setMemoryPatternOptimization(true);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }

  /** Translates a failure to load; the engine's text is dropped because it may quote the model. */
  private static ModelException failure(OrtException e) {
    return switch (e.getCode()) {
      case ORT_NOT_IMPLEMENTED ->
          new ModelException(
              ModelException.Code.UNSUPPORTED, "the model uses an operator that the engine lacks");
      case ORT_INVALID_GRAPH ->
          new ModelException(ModelException.Code.MALFORMED, "the graph of the model is not valid");
      case ORT_NO_MODEL, ORT_INVALID_PROTOBUF, ORT_MODEL_LOADED ->
          new ModelException(ModelException.Code.MALFORMED, "the bytes are not an ONNX model");
      default ->
          new ModelException(
              ModelException.Code.MALFORMED,
              "the engine could not load the model (" + e.getCode() + ")");
    };
  }
}
