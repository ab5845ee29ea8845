package org.sesemi.runtime.internal.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;

/**
 * ONNX Runtime on the CPU.
 *
 * <p>Each run uses few threads, one as a rule, and no thread waits by spinning: requests run beside
 * each other on the same session instead, bounded by their callers. The memory arena is on, because
 * concurrent runs without it take several times the memory and do not give it back. The engine's
 * own log is off: its texts name parts of the model.
 */
public final class OnnxEngine implements InferenceEngine {

  private final OrtEnvironment environment;
  private final int intraOpThreads;

  private OnnxEngine(OrtEnvironment environment, int intraOpThreads) {
    this.environment = environment;
    this.intraOpThreads = intraOpThreads;
  }

  /**
   * Loads the native library and makes the engine; takes tens of milliseconds the first time.
   *
   * @param intraOpThreads how many threads one run uses
   */
  public static OnnxEngine start(int intraOpThreads) {
    Set<Path> before = leftovers();
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "sesemi");
    deleteEmpty(before);
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("the engine keeps its telemetry on", e);
    }
    return new OnnxEngine(environment, intraOpThreads);
  }

  /** Finds the folders that the library makes at each start and leaves behind. */
  private static Set<Path> leftovers() {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("onnxruntime-java"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static void deleteEmpty(Set<Path> before) {
    for (Path folder : leftovers()) {
      if (!before.contains(folder)) {
        try {
          // Fails when it is not empty: then the library unpacked itself and needs it.
          Files.delete(folder);
        } catch (IOException _) {
          // Left to the library's own clean-up at the end of the process.
        }
      }
    }
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

  private SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.setIntraOpNumThreads(intraOpThreads);
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
