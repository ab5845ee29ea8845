package org.sesemi.attestation.internal.tpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.RandomSource;

/**
 * Quotes of the TPM behind a device file. Keys are made when evidence is asked for the first time,
 * which takes seconds on some chips, and live as long as the process. Thread-safe.
 */
public final class TpmDeviceAttester implements Attester {

  private final Path device;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<TpmAttester> opened = Optional.empty();

  /**
   * Makes an attester.
   *
   * @param device the device, better that of the kernel's resource manager
   */
  public TpmDeviceAttester(Path device) {
    this.device = device;
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.TPM;
  }

  @Override
  public Evidence attest(byte[] reportData) {
    return attester().attest(reportData);
  }

  private TpmAttester attester() {
    lock.lock();
    try {
      if (opened.isEmpty()) {
        opened = Optional.of(open());
      }
      return opened.get();
    } finally {
      lock.unlock();
    }
  }

  private TpmAttester open() {
    TpmClient client;
    try {
      client = new TpmClient(TpmDevice.file(device), RandomSource.secure());
    } catch (IOException e) {
      throw new AttestationException(Code.PLATFORM_UNAVAILABLE, device + " cannot be opened", e);
    }
    try {
      return TpmAttester.open(
          client, TpmAlg.RSASSA, TpmAttester.DEFAULT_REGISTERS, new Documents(Map.of()));
    } catch (AttestationException e) {
      client.close();
      throw e;
    }
  }
}
