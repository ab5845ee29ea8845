package org.sesemi.attestation.internal.tpm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.EvidenceBinding;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * Quotes the registers of a TPM with an attestation key that it makes below the endorsement key, so
 * that the qualified name in each quote ties the key to the certified one. The qualifying data are
 * the SHA-256 of the report data, because that is as much as every TPM takes.
 *
 * <p>Thread-safe: one question at a time reaches the TPM.
 */
public final class TpmAttester implements Attester, AutoCloseable {

  /** The registers that are quoted when nothing else is said: firmware, loader, system, debug. */
  public static final List<Integer> DEFAULT_REGISTERS = IntStream.range(0, 24).boxed().toList();

  private static final int ATTEMPTS = 5;
  private static final int LINE = 64;

  private final TpmClient client;
  private final List<Integer> registers;
  private final Documents fixed;
  private final TpmClient.Loaded endorsementKey;
  private final TpmClient.Loaded attestationKey;
  private final ReentrantLock lock = new ReentrantLock();

  private TpmAttester(
      TpmClient client,
      List<Integer> registers,
      Documents fixed,
      TpmClient.Loaded endorsementKey,
      TpmClient.Loaded attestationKey) {
    this.client = client;
    this.registers = registers;
    this.fixed = fixed;
    this.endorsementKey = endorsementKey;
    this.attestationKey = attestationKey;
  }

  /**
   * Makes the keys.
   *
   * @param client a TPM that is started; the attester closes it
   * @param scheme RSASSA or RSAPSS, with RSA keys, or ECDSA, with keys on P-256
   * @param registers the registers to quote
   * @param further documents to hand out with each quote: the certificate of the endorsement key
   *     where the TPM does not hold it, its issuers, an event log
   * @throws AttestationException with {@code attestation.platform-unavailable} when the TPM refuses
   */
  public static TpmAttester open(
      TpmClient client, int scheme, List<Integer> registers, Documents further) {
    boolean ecc = scheme == TpmAlg.ECDSA;
    TpmClient.Loaded endorsement =
        client.createPrimary(
            TpmClient.ENDORSEMENT,
            ecc ? TpmTemplates.ekEcc(zeros(32), zeros(32)) : TpmTemplates.ekRsa(zeros(256)));
    TpmClient.Loaded key = attestationKey(client, endorsement, scheme);
    Documents documents = further;
    if (documents.get(QuoteDocuments.EK_CERTIFICATE).isEmpty()) {
      Optional<Bytes> certificate =
          certificate(
              client.readNv(ecc ? TpmClient.EK_CERTIFICATE_ECC : TpmClient.EK_CERTIFICATE_RSA));
      if (certificate.isPresent()) {
        documents = documents.with(QuoteDocuments.EK_CERTIFICATE, certificate.get());
      }
    }
    return new TpmAttester(
        client,
        registers.stream().sorted().distinct().toList(),
        documents
            .with(QuoteDocuments.AK_PUBLIC, Bytes.of(key.publicArea().sized()))
            .with(QuoteDocuments.AK_PEM, pem(key.publicArea())),
        endorsement,
        key);
  }

  private static TpmClient.Loaded attestationKey(
      TpmClient client, TpmClient.Loaded endorsement, int scheme) {
    TpmClient.Created created =
        authorised(
            client,
            session ->
                client.create(endorsement.handle(), session, TpmTemplates.attestationKey(scheme)));
    return authorised(client, session -> client.load(endorsement.handle(), session, created));
  }

  private interface Use<T> {
    T with(long session);
  }

  /** Uses the endorsement key, which takes a policy session for each use. */
  private static <T> T authorised(TpmClient client, Use<T> use) {
    long session = client.startPolicySession();
    try {
      client.policySecret(TpmClient.ENDORSEMENT, session);
      return use.with(session);
    } finally {
      client.flush(session);
    }
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.TPM;
  }

  @Override
  public Evidence attest(byte[] reportData) {
    return new Evidence(
        PlatformKind.TPM,
        Bytes.of(quote(EvidenceBinding.of(PlatformKind.TPM, reportData).toArray()).encode()));
  }

  /**
   * {@return a quote over qualifying data with all its documents}
   *
   * @param qualifyingData what the quote carries as it is
   */
  public Documents quote(byte[] qualifyingData) {
    lock.lock();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        SortedMap<Integer, Bytes> values = client.readPcrs(registers);
        TpmClient.Quoted quoted = client.quote(attestationKey.handle(), qualifyingData, registers);
        PcrQuote quote =
            new PcrQuote(
                TpmsAttest.parse(quoted.message().toArray()), new ArrayList<>(values.values()));
        byte[] digest = quote.digest(TpmHash.SHA256);
        // A register may have been extended between the two commands.
        if (Bytes.of(digest).equals(quote.attest().pcrDigest())) {
          return fixed
              .with(QuoteDocuments.MESSAGE, quoted.message())
              .with(QuoteDocuments.SIGNATURE, quoted.signature())
              .with(QuoteDocuments.PCRS, joined(values));
        }
      }
      throw unavailable("the registers did not stand still for a quote");
    } catch (Unreadable e) {
      throw unavailable("the TPM's quote cannot be read: " + e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** {@return the answer to a challenge: the credential in it} */
  public byte[] answer(CredentialChallenge.Question question) {
    lock.lock();
    try {
      return authorised(
          client,
          session ->
              client.activateCredential(
                  attestationKey.handle(),
                  endorsementKey.handle(),
                  session,
                  question.blob(),
                  question.secret()));
    } finally {
      lock.unlock();
    }
  }

  /** Extends a register, as software does that measures what it starts. */
  public void extend(int register, byte[] digest) {
    lock.lock();
    try {
      client.extend(register, digest);
    } finally {
      lock.unlock();
    }
  }

  /** {@return the public area of the endorsement key} */
  public TpmtPublic endorsementArea() {
    return endorsementKey.publicArea();
  }

  /** {@return the public area of the attestation key} */
  public TpmtPublic attestationArea() {
    return attestationKey.publicArea();
  }

  @Override
  public void close() {
    lock.lock();
    try (client) {
      client.flush(attestationKey.handle());
      client.flush(endorsementKey.handle());
    } finally {
      lock.unlock();
    }
  }

  private static Bytes joined(Map<Integer, Bytes> values) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    new TreeMap<>(values).values().forEach(value -> all.writeBytes(value.toArray()));
    return Bytes.of(all.toByteArray());
  }

  /** Some manufacturers define a larger index than the certificate needs. */
  private static Optional<Bytes> certificate(Bytes index) {
    byte[] bytes = index.toArray();
    if (bytes.length < 4 || bytes[0] != 0x30 || (bytes[1] & 0xff) != 0x82) {
      return Optional.empty();
    }
    int length = 4 + (((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff));
    return length > bytes.length
        ? Optional.empty()
        : Optional.of(Bytes.of(Arrays.copyOf(bytes, length)));
  }

  private static Bytes pem(TpmtPublic area) {
    String text =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(area.key().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    return Bytes.of(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private static Bytes zeros(int length) {
    return Bytes.of(new byte[length]);
  }

  private static AttestationException unavailable(String message) {
    return new AttestationException(Code.PLATFORM_UNAVAILABLE, message);
  }
}
