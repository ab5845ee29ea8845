package org.sesemi.attestation;

/** What an enclave does between its start and its end; see {@link EnclaveBootstrap#run}. */
@FunctionalInterface
public interface EnclaveProgram {

  /**
   * Runs until the enclave should end, which for a server is {@link EnclavePlatform#awaitShutdown}.
   *
   * @param platform the platform that launched this process
   * @throws Exception when it fails; the process then ends with an error
   */
  void run(EnclavePlatform platform) throws Exception;
}
