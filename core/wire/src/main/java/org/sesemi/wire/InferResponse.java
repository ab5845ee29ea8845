package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference response of the Open Inference Protocol.
 *
 * @param modelName the model that answered
 * @param modelVersion its version
 * @param id the request's id, when it had one
 * @param parameters what is said about the response as a whole
 * @param outputs the output tensors, no name twice
 */
public record InferResponse(
    String modelName,
    Optional<String> modelVersion,
    Optional<String> id,
    Map<String, Parameter> parameters,
    List<Tensor> outputs) {

  /** Checks and copies the fields. */
  public InferResponse {
    requireNonNull(modelName, "modelName");
    requireNonNull(modelVersion, "modelVersion");
    requireNonNull(id, "id");
    parameters = OipNames.copy(parameters);
    outputs = OipNames.distinct("output", outputs, Tensor::name);
  }

  /**
   * {@return the output of a name}
   *
   * @param name the output's name
   */
  public Optional<Tensor> output(String name) {
    return outputs.stream().filter(output -> output.name().equals(name)).findFirst();
  }
}
