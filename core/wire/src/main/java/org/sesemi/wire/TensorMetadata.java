package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The signature of one input or output of a model.
 *
 * @param name the tensor's name
 * @param datatype the element type
 * @param shape the dimensions; {@link #DYNAMIC} where any size is taken
 */
public record TensorMetadata(String name, Datatype datatype, List<Long> shape) {

  /** The dimension that takes any size. */
  public static final long DYNAMIC = -1;

  /** Checks and copies the fields. */
  public TensorMetadata {
    requireNonNull(name, "name");
    requireNonNull(datatype, "datatype");
    shape = List.copyOf(shape);
    if (shape.size() > Tensor.MAX_RANK) {
      throw new OipException(
          OipException.Code.TENSOR_SHAPE,
          "tensor " + OipException.quoted(name) + ": more than " + Tensor.MAX_RANK + " dimensions");
    }
    for (long dimension : shape) {
      if (dimension < DYNAMIC) {
        throw new OipException(
            OipException.Code.TENSOR_SHAPE,
            "tensor " + OipException.quoted(name) + ": a dimension is below -1");
      }
    }
  }

  /**
   * Checks that a tensor has this datatype and shape.
   *
   * @param tensor the tensor
   * @throws OipException with {@code tensor.datatype} or {@code tensor.shape}
   */
  public void check(Tensor tensor) {
    if (tensor.datatype() != datatype) {
      throw OipException.of(
          OipException.Code.TENSOR_DATATYPE,
          "input %s: the datatype is %s, the model takes %s",
          OipException.quoted(name),
          tensor.datatype(),
          datatype);
    }
    long[] given = tensor.shape();
    if (given.length != shape.size()) {
      throw OipException.of(
          OipException.Code.TENSOR_SHAPE,
          "input %s: the shape has %d dimensions, the model takes %s",
          OipException.quoted(name),
          given.length,
          shape);
    }
    for (int i = 0; i < given.length; i++) {
      long wanted = shape.get(i);
      if (wanted != DYNAMIC && wanted != given[i]) {
        throw OipException.of(
            OipException.Code.TENSOR_SHAPE,
            "input %s: dimension %d is %d, the model takes %s",
            OipException.quoted(name),
            i,
            given[i],
            shape);
      }
    }
  }
}
