package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes random tensors that can be written in any form, or in the binary form only. */
final class TensorGenerator {

  private static final List<Datatype> DATATYPES = List.of(Datatype.values());
  private static final String[] TEXTS = {
    "", "a", "\"quoted\"\n\\", "é∑😀", "\u0001\u007f", "plain text"
  };

  private final RandomGenerator random;
  private final boolean jsonForm;

  TensorGenerator(RandomGenerator random, boolean jsonForm) {
    this.random = random;
    this.jsonForm = jsonForm;
  }

  List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      tensors.add(tensor(TEXTS[random.nextInt(TEXTS.length)] + i));
    }
    return tensors;
  }

  Tensor tensor(String name) {
    Datatype datatype;
    do {
      datatype = DATATYPES.get(random.nextInt(DATATYPES.size()));
    } while (jsonForm && !datatype.hasJsonForm());
    long[] shape = new long[random.nextInt(4)];
    int count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = random.nextInt(5);
      count *= (int) shape[i];
    }
    if (datatype == Datatype.BYTES) {
      List<Bytes> elements = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        elements.add(element());
      }
      return Tensor.ofBytes(name, shape, elements);
    }
    ByteBuffer data = Tensor.littleEndian((long) count * datatype.byteSize());
    while (data.hasRemaining()) {
      put(datatype, data);
    }
    return Tensor.of(name, datatype, shape, data.flip());
  }

  private Bytes element() {
    if (jsonForm) {
      String text = TEXTS[random.nextInt(TEXTS.length)];
      return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = new byte[random.nextInt(9)];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  private void put(Datatype datatype, ByteBuffer data) {
    switch (datatype) {
      case BOOL -> data.put((byte) random.nextInt(2));
      case UINT8, INT8 -> data.put((byte) random.nextInt());
      case UINT16, INT16, FP16, BF16 -> data.putShort((short) random.nextInt());
      case UINT32, INT32 -> data.putInt(random.nextInt());
      case UINT64, INT64 -> data.putLong(random.nextLong());
      case FP32 -> data.putFloat(aFloat());
      case FP64 -> data.putDouble(aDouble());
      case BYTES -> throw new AssertionError("not a fixed size");
    }
  }

  private float aFloat() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(-1000, 1000);
      case 1 -> random.nextFloat();
      default -> {
        float any = Float.intBitsToFloat(random.nextInt());
        yield jsonForm && !Float.isFinite(any) ? Float.MIN_VALUE : any;
      }
    };
  }

  private double aDouble() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(-1000, 1000);
      case 1 -> random.nextDouble();
      default -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield jsonForm && !Double.isFinite(any) ? Double.MIN_VALUE : any;
      }
    };
  }
}
