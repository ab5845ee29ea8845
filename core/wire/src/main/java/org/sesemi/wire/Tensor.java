package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named array of numbers, booleans or byte strings with a datatype and a shape.
 *
 * <p>Elements of fixed size lie row-major and little-endian in a direct buffer, so that they reach
 * an inference engine without a copy; elements of {@link Datatype#BYTES} are a list. A tensor does
 * not copy the direct buffer it is made from: whoever made the buffer leaves it unchanged.
 */
public final class Tensor {

  /** The most dimensions that a tensor may have. */
  public static final int MAX_RANK = 32;

  private static final ByteBuffer NO_DATA = ByteBuffer.allocateDirect(0);

  private final String name;
  private final Datatype datatype;
  private final long[] shape;
  private final ByteBuffer data;
  private final List<Bytes> elements;

  private Tensor(
      String name, Datatype datatype, long[] shape, ByteBuffer data, List<Bytes> elements) {
    this.name = requireNonNull(name, "name");
    this.datatype = requireNonNull(datatype, "datatype");
    this.shape = shape;
    this.data = data;
    this.elements = elements;
  }

  /**
   * {@return a tensor over the remaining bytes of a buffer}
   *
   * @param name the tensor's name
   * @param datatype any but {@link Datatype#BYTES}
   * @param shape the dimensions; their product is the number of elements
   * @param data the little-endian elements; a heap buffer is copied, a direct one is not
   * @throws OipException when shape and data do not fit each other
   */
  public static Tensor of(String name, Datatype datatype, long[] shape, ByteBuffer data) {
    if (datatype == Datatype.BYTES) {
      throw new IllegalArgumentException("BYTES tensors are made from a list");
    }
    long expected = Math.multiplyExact(elementCount(name, shape), (long) datatype.byteSize());
    if (expected != data.remaining()) {
      throw OipException.of(
          OipException.Code.TENSOR_DATA,
          "tensor %s: the data has %d bytes, shape and datatype make %d",
          OipException.quoted(name),
          data.remaining(),
          expected);
    }
    ByteBuffer direct = data.slice();
    if (!data.isDirect()) {
      direct = ByteBuffer.allocateDirect(data.remaining()).put(data.duplicate()).flip();
    }
    return new Tensor(name, datatype, shape.clone(), direct.asReadOnlyBuffer(), List.of());
  }

  /**
   * {@return a {@link Datatype#BYTES} tensor}
   *
   * @param name the tensor's name
   * @param shape the dimensions
   * @param elements the byte strings, row-major
   * @throws OipException when shape and list do not fit each other
   */
  public static Tensor ofBytes(String name, long[] shape, List<Bytes> elements) {
    long expected = elementCount(name, shape);
    if (expected != elements.size()) {
      throw OipException.of(
          OipException.Code.TENSOR_DATA,
          "tensor %s: the data has %d elements, the shape makes %d",
          OipException.quoted(name),
          elements.size(),
          expected);
    }
    return new Tensor(name, Datatype.BYTES, shape.clone(), NO_DATA, List.copyOf(elements));
  }

  /**
   * {@return a {@link Datatype#FP32} tensor with a copy of an array}
   *
   * @param name the tensor's name
   * @param shape the dimensions
   * @param values the elements, row-major
   */
  public static Tensor ofFloats(String name, long[] shape, float... values) {
    ByteBuffer data = littleEndian(values.length * (long) Float.BYTES);
    data.asFloatBuffer().put(values);
    return of(name, Datatype.FP32, shape, data);
  }

  /**
   * {@return an {@link Datatype#INT64} tensor with a copy of an array}
   *
   * @param name the tensor's name
   * @param shape the dimensions
   * @param values the elements, row-major
   */
  public static Tensor ofLongs(String name, long[] shape, long... values) {
    ByteBuffer data = littleEndian(values.length * (long) Long.BYTES);
    data.asLongBuffer().put(values);
    return of(name, Datatype.INT64, shape, data);
  }

  /**
   * {@return a {@link Datatype#BYTES} tensor with the UTF-8 form of texts}
   *
   * @param name the tensor's name
   * @param shape the dimensions
   * @param values the elements, row-major
   */
  public static Tensor ofTexts(String name, long[] shape, List<String> values) {
    List<Bytes> elements = new ArrayList<>(values.size());
    for (String value : values) {
      elements.add(Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
    }
    return ofBytes(name, shape, elements);
  }

  /** {@return the tensor's name} */
  public String name() {
    return name;
  }

  /** {@return the element type} */
  public Datatype datatype() {
    return datatype;
  }

  /** {@return a copy of the dimensions; a scalar has none} */
  public long[] shape() {
    return shape.clone();
  }

  /** {@return the number of elements, the product of the shape} */
  public long elementCount() {
    return elementCount(name, shape);
  }

  /**
   * {@return a read-only little-endian view of the elements in a direct buffer, empty for {@link
   * Datatype#BYTES}. Each call returns a view with a position of its own}
   */
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return the byte strings of a {@link Datatype#BYTES} tensor, else an empty list} */
  public List<Bytes> elements() {
    return elements;
  }

  /**
   * {@return a copy of the elements of an {@link Datatype#FP32} tensor}
   *
   * @throws IllegalStateException for another datatype
   */
  public float[] floats() {
    require(Datatype.FP32);
    float[] values = new float[data.remaining() / Float.BYTES];
    data().asFloatBuffer().get(values);
    return values;
  }

  /**
   * {@return a copy of the elements of an {@link Datatype#INT64} tensor}
   *
   * @throws IllegalStateException for another datatype
   */
  public long[] longs() {
    require(Datatype.INT64);
    long[] values = new long[data.remaining() / Long.BYTES];
    data().asLongBuffer().get(values);
    return values;
  }

  /**
   * {@return the same elements under another name}
   *
   * @param newName the name of the returned tensor
   */
  public Tensor renamed(String newName) {
    return new Tensor(newName, datatype, shape, data, elements);
  }

  private void require(Datatype wanted) {
    if (datatype != wanted) {
      throw new IllegalStateException("the tensor is " + datatype + ", not " + wanted);
    }
  }

  /** {@return the bytes that the raw form of this tensor takes in a body} */
  long rawSize() {
    if (datatype != Datatype.BYTES) {
      return data.remaining();
    }
    long size = 0;
    for (Bytes element : elements) {
      size += Integer.BYTES + (long) element.length();
    }
    return size;
  }

  static ByteBuffer littleEndian(long bytes) {
    if (bytes > Integer.MAX_VALUE - 64) {
      throw new OipException(
          OipException.Code.TOO_LARGE, "a tensor of " + bytes + " bytes is more than one buffer");
    }
    return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return the product of a shape, refusing negative dimensions and overflow} */
  static long elementCount(String name, long[] shape) {
    if (shape.length > MAX_RANK) {
      throw badShape(
          name, "has " + shape.length + " dimensions, at most " + MAX_RANK + " are read");
    }
    boolean empty = false;
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        throw badShape(name, "has a negative dimension at index " + i);
      }
      if (shape[i] == 0) {
        empty = true;
      } else if (count > Long.MAX_VALUE / 16 / shape[i]) {
        throw badShape(name, "has more elements than can be counted");
      } else {
        count *= shape[i];
      }
    }
    return empty ? 0 : count;
  }

  private static OipException badShape(String name, String what) {
    return new OipException(
        OipException.Code.TENSOR_SHAPE,
        "tensor " + OipException.quoted(name) + ": the shape " + what);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor that
        && name.equals(that.name)
        && datatype == that.datatype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data)
        && elements.equals(that.elements);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape);
  }

  /** {@return name, datatype and shape, never an element} */
  @Override
  public String toString() {
    return "Tensor[" + name + " " + datatype + Arrays.toString(shape) + "]";
  }
}
