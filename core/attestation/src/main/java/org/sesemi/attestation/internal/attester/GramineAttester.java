package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;

/**
 * Evidence of SGX enclaves under Gramine, from pseudo-files inside the enclave. The quote is about
 * what this process wrote last. Thread-safe: one lock of the process is around writing and reading.
 *
 * <p>Source: Gramine, attestation and secret provisioning, low-level interface.
 */
public final class GramineAttester implements Attester {

  /** Where the pseudo-files are. */
  static final String FOLDER = "dev/attestation";

  /** The longest quote, in bytes. */
  static final int MAX_QUOTE = 32 * 1024;

  private static final String QUOTE = "quote.bin";

  /** The pseudo-files are the process's, so the lock is. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private final Path folder;

  /** Makes an attester below the root of a file system. */
  public GramineAttester(Path root) {
    this.folder = root.resolve(FOLDER);
  }

  /** {@return the kind of attestation that the enclave is set up for: none, epid or dcap} */
  String type() throws IOException {
    return PseudoFiles.line(folder.resolve("attestation_type"));
  }

  @Override
  public Evidence attest(byte[] reportData) {
    byte[] data = Produced.checked(reportData);
    byte[] quote;
    LOCK.lock();
    try {
      if (!type().equals("dcap")) {
        throw new IOException("the enclave is not set up for DCAP attestation");
      }
      PseudoFiles.write(folder.resolve("user_report_data"), data);
      quote = PseudoFiles.read(folder.resolve("quote"), MAX_QUOTE);
    } catch (IOException e) {
      throw Produced.unavailable(PlatformKind.SGX, PseudoFiles.reason(e));
    } finally {
      LOCK.unlock();
    }
    return Produced.evidence(
        PlatformKind.SGX, new Documents(Map.of(QUOTE, Bytes.of(quote))), QUOTE, data);
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.SGX;
  }
}
