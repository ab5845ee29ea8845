package org.sesemi.sdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.sesemi.sdk.internal.OnnxReader;
import org.sesemi.wire.TensorMetadata;

/**
 * A model file whose format and tensor signature are known.
 *
 * @param path where it is
 * @param format its format, {@value #ONNX}
 * @param size its size in bytes
 * @param inputs what a caller must give
 * @param outputs what a caller gets
 */
public record ModelFile(
    Path path,
    String format,
    long size,
    List<TensorMetadata> inputs,
    List<TensorMetadata> outputs) {

  /** The one format that is served. */
  public static final String ONNX = "onnx";

  /** Copies the lists. */
  public ModelFile {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * Reads what a model takes and gives from its file.
   *
   * @param file the file
   * @return the model file
   * @throws SdkException when it is missing, is not ONNX or cannot be served
   */
  public static ModelFile read(Path file) {
    if (!Files.exists(file)) {
      throw new SdkException(SdkException.Code.FILE_MISSING, "there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, file + " is not a file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new SdkException(SdkException.Code.MODEL_UNSUPPORTED, file + " is larger than 2 GiB");
      }
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      OnnxReader.Signature signature = OnnxReader.read(bytes);
      return new ModelFile(file, ONNX, size, signature.inputs(), signature.outputs());
    } catch (SdkException e) {
      throw new SdkException((SdkException.Code) e.errorCode(), file + ": " + e.detail(), e);
    } catch (IOException e) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, "cannot read " + file, e);
    }
  }
}
