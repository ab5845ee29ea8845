package org.sesemi.attestation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sesemi.wire.Bytes;

/** The shared evidence of real hardware, when the folder is there. */
public final class EvidenceData {

  private EvidenceData() {}

  /** {@return the folder {@code evidence} of the shared data, if it is there} */
  public static Optional<Path> folder() {
    String data = System.getProperty("sesemi.data");
    Path folder =
        (data == null || data.isEmpty() ? Path.of("..", "..", "..", "shared") : Path.of(data))
            .resolve("evidence");
    return Optional.of(folder.toAbsolutePath().normalize()).filter(Files::isDirectory);
  }

  /** {@return the documents of a case, for example {@code snp/milan-v2}, if they are there} */
  public static Optional<Documents> documents(String name) {
    return folder()
        .map(folder -> folder.resolve(name))
        .filter(Files::isDirectory)
        .map(Documents::read);
  }

  /** {@return documents with one bit of one of them changed} */
  public static Documents flipped(Documents documents, String name, int position) {
    byte[] changed = documents.get(name).orElseThrow().toArray();
    changed[position] ^= 1;
    return documents.with(name, Bytes.of(changed));
  }
}
