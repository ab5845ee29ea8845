package org.sesemi.runtime.internal.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sesemi.runtime.spi.InferenceContext;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.TensorMetadata;

/** One run at a time on a shared session, with direct buffers in and out. */
final class OnnxContext implements InferenceContext {

  private static final ModelException.Code FAILED = ModelException.Code.FAILED;
  private static final long MAX_PINNED_BYTES = 64L << 20;
  private static final int ALIGNMENT = 64;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<TensorMetadata> signatures;

  /** Guards {@link #running} and {@link #terminated}: options must not be used once closed. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable RunOptions running;
  private boolean terminated;
  private boolean pinning = true;

  /** What this context keeps from run to run; shared, because another thread may close it. */
  private final Arena memory = Arena.ofShared();

  private final Map<String, Target> pinned = new HashMap<>();

  OnnxContext(OrtEnvironment environment, OrtSession session, List<TensorMetadata> signatures) {
    this.environment = environment;
    this.session = session;
    this.signatures = signatures;
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
    try {
      return run(inputs, outputs, pinning);
    } catch (OrtException e) {
      if (pinning && !isTerminated()) {
        return runWithoutPinning(inputs, outputs);
      }
      throw failure(e);
    }
  }

  /**
   * Runs again and lets the engine size the outputs: some models declare shapes they do not keep.
   */
  private List<Tensor> runWithoutPinning(List<Tensor> inputs, List<String> outputs) {
    try {
      List<Tensor> result = run(inputs, outputs, false);
      pinning = false;
      return result;
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private List<Tensor> run(List<Tensor> inputs, List<String> outputs, boolean pin)
      throws OrtException {
    Map<String, OnnxTensor> given = new HashMap<>();
    Map<String, OnnxTensor> targets = new HashMap<>();
    try (RunOptions options = begin()) {
      try {
        for (Tensor input : inputs) {
          given.put(input.name(), engineTensor(input));
        }
        Set<String> requested = new LinkedHashSet<>(outputs);
        if (pin) {
          targets(outputs, targets);
          requested.removeAll(targets.keySet());
        }
        try (OrtSession.Result result = session.run(given, requested, targets, options)) {
          return collect(result, outputs, targets.keySet());
        }
      } finally {
        end();
        given.values().forEach(OnnxTensor::close);
      }
    }
  }

  private RunOptions begin() throws OrtException {
    RunOptions options = new RunOptions();
    lock.lock();
    try {
      if (terminated) {
        options.setTerminate(true);
      }
      running = options;
    } finally {
      lock.unlock();
    }
    return options;
  }

  private void end() {
    lock.lock();
    try {
      running = null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void terminate() {
    lock.lock();
    try {
      terminated = true;
      if (running != null) {
        running.setTerminate(true);
      }
    } catch (OrtException _) {
      // The run ends by itself, only later.
    } finally {
      lock.unlock();
    }
  }

  /** Memory of ours that the engine writes an output of fixed shape into, without a copy. */
  private record Target(ByteBuffer buffer, OnnxTensor tensor) {}

  private void targets(List<String> outputs, Map<String, OnnxTensor> targets) throws OrtException {
    for (TensorMetadata signature : signatures) {
      if (outputs.contains(signature.name()) && hasFixedSize(signature)) {
        Target target = pinned.get(signature.name());
        if (target == null) {
          target = target(signature);
          pinned.put(signature.name(), target);
        }
        targets.put(signature.name(), target.tensor());
      }
    }
  }

  private static boolean hasFixedSize(TensorMetadata signature) {
    if (signature.datatype() == Datatype.BYTES) {
      return false;
    }
    long bytes = signature.datatype().byteSize();
    for (long dimension : signature.shape()) {
      if (dimension < 1 || dimension > MAX_PINNED_BYTES / bytes) {
        return false;
      }
      bytes *= dimension;
    }
    return true;
  }

  private Target target(TensorMetadata signature) throws OrtException {
    long[] shape = signature.shape().stream().mapToLong(Long::longValue).toArray();
    long bytes = Arrays.stream(shape).reduce(signature.datatype().byteSize(), (a, b) -> a * b);
    ByteBuffer buffer =
        memory.allocate(bytes, ALIGNMENT).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new Target(
        buffer,
        OnnxTensor.createTensor(
            environment, buffer, shape, OnnxTypes.engineType(signature.datatype())));
  }

  private OnnxTensor engineTensor(Tensor tensor) throws OrtException {
    if (tensor.datatype() == Datatype.BYTES) {
      return OnnxTensor.createTensor(environment, texts(tensor), tensor.shape());
    }
    ByteBuffer data = aligned(tensor.data(), tensor.datatype().byteSize());
    return OnnxTensor.createTensor(
        environment, data, tensor.shape(), OnnxTypes.engineType(tensor.datatype()));
  }

  /** Copies elements that do not lie on a multiple of their size, which kernels may not accept. */
  private static ByteBuffer aligned(ByteBuffer data, int elementSize) {
    if (MemorySegment.ofBuffer(data).address() % elementSize == 0 && data.hasRemaining()) {
      return data;
    }
    ByteBuffer copy =
        ByteBuffer.allocateDirect(Math.max(elementSize, data.remaining()))
            .order(ByteOrder.LITTLE_ENDIAN);
    int size = data.remaining();
    copy.put(0, data, data.position(), size);
    return copy.limit(size);
  }

  private static String[] texts(Tensor tensor) {
    String[] texts = new String[tensor.elements().size()];
    for (int i = 0; i < texts.length; i++) {
      try {
        texts[i] =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(tensor.elements().get(i).toBuffer())
                .toString();
      } catch (CharacterCodingException e) {
        throw new ModelException(
            FAILED, "the engine takes texts only, element " + i + " of an input is not UTF-8");
      }
    }
    return texts;
  }

  private List<Tensor> collect(OrtSession.Result result, List<String> outputs, Set<String> targets)
      throws OrtException {
    List<Tensor> collected = new ArrayList<>();
    for (String name : outputs) {
      OnnxValue value =
          result
              .get(name)
              .orElseThrow(() -> new ModelException(FAILED, "the engine gave no such output"));
      if (!(value instanceof OnnxTensor tensor)) {
        throw new ModelException(FAILED, "an output is not a tensor");
      }
      Target target = targets.contains(name) ? pinned.get(name) : null;
      collected.add(output(name, tensor, target));
    }
    return collected;
  }

  private Tensor output(String name, OnnxTensor value, @Nullable Target target)
      throws OrtException {
    long[] shape = value.getInfo().getShape();
    Datatype datatype =
        signatures.stream()
            .filter(signature -> signature.name().equals(name))
            .findFirst()
            .orElseThrow()
            .datatype();
    if (datatype == Datatype.BYTES) {
      return Tensor.ofBytes(name, shape, bytes(value.getValue()));
    }
    if (target != null) {
      return Tensor.of(name, datatype, shape, target.buffer().duplicate().clear());
    }
    ByteBuffer heap = value.getByteBuffer();
    Tensor tensor = Tensor.of(name, datatype, shape, heap);
    heap.clear();
    while (heap.hasRemaining()) {
      heap.put((byte) 0);
    }
    return tensor;
  }

  /** Flattens the engine's form of text tensors: a text, or arrays of arrays of texts. */
  private static List<Bytes> bytes(Object value) {
    List<Bytes> elements = new ArrayList<>();
    if (value instanceof Object[] array) {
      for (Object element : array) {
        elements.addAll(bytes(element));
      }
    } else {
      elements.add(Bytes.of(((String) value).getBytes(StandardCharsets.UTF_8)));
    }
    return elements;
  }

  private boolean isTerminated() {
    lock.lock();
    try {
      return terminated;
    } finally {
      lock.unlock();
    }
  }

  private ModelException failure(OrtException e) {
    if (isTerminated()) {
      return new ModelException(
          ModelException.Code.TERMINATED, "the run was stopped because its time was over");
    }
    return new ModelException(FAILED, "the model failed on these inputs (" + e.getCode() + ")");
  }

  @Override
  public void close() {
    pinned.values().forEach(target -> target.tensor().close());
    pinned.clear();
    memory.close();
  }
}
