package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model takes and gives, as the Open Inference Protocol describes it.
 *
 * @param name the model's name
 * @param versions its versions, the one described first
 * @param platform the format and engine, for example {@code onnx_onnxruntime}
 * @param inputs the inputs, no name twice
 * @param outputs the outputs, no name twice
 */
public record ModelMetadata(
    String name,
    List<String> versions,
    String platform,
    List<TensorMetadata> inputs,
    List<TensorMetadata> outputs) {

  /** Checks and copies the fields. */
  public ModelMetadata {
    requireNonNull(name, "name");
    versions = List.copyOf(versions);
    requireNonNull(platform, "platform");
    inputs = OipNames.distinct("input", inputs, TensorMetadata::name);
    outputs = OipNames.distinct("output", outputs, TensorMetadata::name);
  }

  /**
   * {@return the input of a name}
   *
   * @param input the input's name
   */
  public Optional<TensorMetadata> input(String input) {
    return inputs.stream().filter(one -> one.name().equals(input)).findFirst();
  }

  /**
   * Checks that a request carries exactly the inputs of this model, each with its datatype and
   * shape, and asks only for outputs that the model has.
   *
   * @param request the request
   * @throws OipException naming the first tensor that does not fit
   */
  public void check(InferRequest request) {
    Map<String, Tensor> given = new HashMap<>();
    for (Tensor tensor : request.inputs()) {
      given.put(tensor.name(), tensor);
      if (input(tensor.name()).isEmpty()) {
        throw OipException.of(
            OipException.Code.TENSOR_UNKNOWN,
            "the model has no input %s; it takes %s",
            OipException.quoted(tensor.name()),
            names(inputs));
      }
    }
    for (TensorMetadata input : inputs) {
      Tensor tensor = given.get(input.name());
      if (tensor == null) {
        throw OipException.of(
            OipException.Code.TENSOR_MISSING,
            "the input %s is missing",
            OipException.quoted(input.name()));
      }
      input.check(tensor);
    }
    for (RequestedOutput wanted : request.outputs()) {
      if (outputs.stream().noneMatch(one -> one.name().equals(wanted.name()))) {
        throw OipException.of(
            OipException.Code.TENSOR_UNKNOWN,
            "the model has no output %s; it gives %s",
            OipException.quoted(wanted.name()),
            names(outputs));
      }
    }
  }

  private static String names(List<TensorMetadata> tensors) {
    return String.join(", ", tensors.stream().map(one -> OipException.quoted(one.name())).toList());
  }
}
