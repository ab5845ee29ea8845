package org.sesemi.attestation.internal.attester;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pseudo-files of an enclave under Gramine: the quote is about what was written last. */
final class GramineStandIn implements PseudoTree {

  private static final String FOLDER = "/dev/attestation";

  final List<Integer> writes = new ArrayList<>();
  String type = "dcap";
  boolean present = true;
  boolean other;
  int taken = 64;
  private byte[] data = new byte[64];

  static byte[] quote(byte[] data) {
    byte[] quote = new byte[4600];
    System.arraycopy(data, 0, quote, 48 + 320, data.length);
    return quote;
  }

  @Override
  public boolean isFolder(String path) {
    return present && path.equals(FOLDER);
  }

  @Override
  public boolean isFile(String path) {
    return present
        && List.of(FOLDER + "/attestation_type", FOLDER + "/user_report_data", FOLDER + "/quote")
            .contains(path);
  }

  @Override
  public synchronized byte[] read(String path) throws IOException {
    return switch (path.substring(path.lastIndexOf('/') + 1)) {
      case "attestation_type" -> type.getBytes(US_ASCII);
      case "user_report_data" -> data.clone();
      case "quote" -> quote(other ? new byte[64] : data);
      default -> throw new NoSuchFileException(path);
    };
  }

  @Override
  public synchronized int write(String path, byte[] bytes) {
    writes.add(bytes.length);
    data = Arrays.copyOf(bytes, 64);
    return Math.min(taken, bytes.length);
  }
}
