package org.sesemi.attestation;

/**
 * The role that produces evidence about the enclave it runs in (RFC 9334: attester).
 *
 * <p>Guarantees: the report data is signed as given, by this launch of this enclave and by nothing
 * else; an attester cannot be asked to name a measurement.
 */
public interface Attester {

  /**
   * Asks the platform for fresh evidence.
   *
   * @param reportData 64 bytes that the evidence covers
   * @return the evidence
   */
  Evidence attest(byte[] reportData);

  /** {@return the kind of platform that vouches} */
  PlatformKind platform();
}
