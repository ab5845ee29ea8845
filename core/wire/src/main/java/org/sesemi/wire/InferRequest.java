package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference request of the Open Inference Protocol.
 *
 * @param id the caller's name for the request, given back in the response
 * @param parameters what is asked of the request as a whole
 * @param inputs the input tensors, no name twice
 * @param outputs the wanted outputs; none means all
 */
public record InferRequest(
    Optional<String> id,
    Map<String, Parameter> parameters,
    List<Tensor> inputs,
    List<RequestedOutput> outputs) {

  /** Checks and copies the fields. */
  public InferRequest {
    requireNonNull(id, "id");
    parameters = OipNames.copy(parameters);
    inputs = OipNames.distinct("input", inputs, Tensor::name);
    outputs = OipNames.distinct("output", outputs, RequestedOutput::name);
  }

  /**
   * {@return a request for all outputs}
   *
   * @param inputs the input tensors
   */
  public static InferRequest of(Tensor... inputs) {
    return new InferRequest(Optional.empty(), Map.of(), List.of(inputs), List.of());
  }

  /**
   * {@return the same request asking for all outputs in binary form}
   *
   * @param binary whether outputs are wanted in binary form
   */
  public InferRequest withBinaryOutput(boolean binary) {
    Map<String, Parameter> changed = new LinkedHashMap<>(parameters);
    changed.put(Parameter.BINARY_DATA_OUTPUT, new Parameter.Flag(binary));
    return new InferRequest(id, changed, inputs, outputs);
  }

  /** {@return whether NaN and infinities may be written as quoted words in JSON data} */
  public boolean quotedNonFinite() {
    return Parameter.flag(parameters, Parameter.QUOTED_NON_FINITE).orElse(false);
  }

  /**
   * {@return whether an output is wanted in binary form: its own parameter decides, else the
   * request's}
   *
   * @param output the output's name
   */
  public boolean wantsBinary(String output) {
    boolean all = Parameter.flag(parameters, Parameter.BINARY_DATA_OUTPUT).orElse(false);
    for (RequestedOutput wanted : outputs) {
      if (wanted.name().equals(output)) {
        return Parameter.flag(wanted.parameters(), Parameter.BINARY_DATA).orElse(all);
      }
    }
    return all;
  }
}
