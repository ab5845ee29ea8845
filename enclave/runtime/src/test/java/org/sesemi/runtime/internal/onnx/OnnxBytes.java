package org.sesemi.runtime.internal.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes tiny ONNX models field by field; graph parts are given in any order. */
public final class OnnxBytes {

  private OnnxBytes() {}

  /** A message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Message varint(int field, long value) {
      raw((long) field << 3);
      raw(value);
      return this;
    }

    private Message bytes(int field, byte[] value) {
      raw((long) field << 3 | 2);
      raw(value.length);
      out.writeBytes(value);
      return this;
    }

    private Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private void raw(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    private byte[] done() {
      return out.toByteArray();
    }
  }

  /** Returns a model of a graph, ir version 8 and opset 13. */
  public static byte[] model(byte[] graph) {
    return new Message()
        .varint(1, 8)
        .bytes(7, graph)
        .bytes(8, new Message().text(1, "").varint(2, 13).done())
        .done();
  }

  /** Returns a graph of parts, each a field with its tag. */
  public static byte[] graph(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new Message().text(2, "g").done());
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Returns a node with one input and one output. */
  public static byte[] node(String operator, String input, String output) {
    return new Message()
        .bytes(1, new Message().text(1, input).text(2, output).text(4, operator).done())
        .done();
  }

  /** Returns an input of one dynamic dimension. */
  public static byte[] input(String name, int elementType) {
    return new Message().bytes(11, value(name, tensorType(elementType))).done();
  }

  /** Returns an output of one dynamic dimension. */
  public static byte[] output(String name, int elementType) {
    return new Message().bytes(12, value(name, tensorType(elementType))).done();
  }

  /** Returns an output that is a sequence of tensors. */
  public static byte[] sequenceOutput(String name, int elementType) {
    byte[] sequence = new Message().bytes(1, tensorType(elementType)).done();
    return new Message().bytes(12, value(name, new Message().bytes(4, sequence).done())).done();
  }

  /** Returns a weight whose data is said to lie in a file. */
  public static byte[] externalInitializer(String name, String file) {
    byte[] location = new Message().text(1, "location").text(2, file).done();
    byte[] tensor =
        new Message()
            .varint(1, 1)
            .varint(2, 1)
            .text(8, name)
            .bytes(13, location)
            .varint(14, 1)
            .done();
    return new Message().bytes(5, tensor).done();
  }

  private static byte[] value(String name, byte[] type) {
    return new Message().text(1, name).bytes(2, type).done();
  }

  private static byte[] tensorType(int elementType) {
    byte[] dimension = new Message().text(2, "n").done();
    byte[] shape = new Message().bytes(1, dimension).done();
    byte[] tensor = new Message().varint(1, elementType).bytes(2, shape).done();
    return new Message().bytes(1, tensor).done();
  }
}
