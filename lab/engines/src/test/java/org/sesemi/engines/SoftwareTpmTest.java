package org.sesemi.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.EvidenceBinding;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.tpm.Activation;
import org.sesemi.attestation.internal.tpm.CredentialChallenge;
import org.sesemi.attestation.internal.tpm.TpmAlg;
import org.sesemi.attestation.internal.tpm.TpmAttester;
import org.sesemi.attestation.internal.tpm.TpmClient;
import org.sesemi.attestation.internal.tpm.TpmDevice;
import org.sesemi.attestation.internal.tpm.TpmHash;
import org.sesemi.attestation.internal.tpm.TpmTemplates;
import org.sesemi.attestation.internal.tpm.TpmVerifier;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.Verdict;

/**
 * The whole way of a TPM with a software TPM: endorsement key certified by a local authority,
 * attestation key, quote, verification, activation of a credential; and tpm2-tools as a second
 * opinion in both directions.
 */
class SoftwareTpmTest {

  private static final Instant AT = Instant.parse("2026-06-01T00:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final List<Integer> REGISTERS = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 16);
  private static final RandomSource RANDOM = RandomSource.secure();
  private static final String EK_INDEX = "0x01c00002";

  private final Authority authority =
      Authority.root("CN=Local TPM CA", Authority.ecKeys("secp256r1"), "SHA256withECDSA");
  private final EvidenceVerifier verifier =
      EvidenceVerifier.with(
          Anchors.of(new Anchors.Set(List.of(authority.certificate()), List.of(), List.of())));

  @TempDir private Path folder;
  private Optional<SoftwareTpm> running = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    running = Optional.of(new SoftwareTpm(folder));
  }

  @AfterEach
  void stop() throws IOException {
    if (running.isPresent()) {
      running.get().close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TpmAlg.RSASSA, TpmAlg.RSAPSS, TpmAlg.ECDSA})
  void aFreshQuoteIsAcceptedUnderItsOwnAuthority(int scheme) throws IOException {
    byte[] reportData = RANDOM.bytes(64);
    try (TpmAttester attester = attester(scheme)) {
      Evidence evidence = attester.attest(reportData);
      assertThat(evidence.platform()).isEqualTo(PlatformKind.TPM);
      Documents documents = Documents.decode(evidence.bytes().toArray());
      Judgement judgement =
          verifier.verify(documents, expecting(EvidenceBinding.of(PlatformKind.TPM, reportData)));
      assertThat(judgement.record().failing()).isEmpty();
      assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
      assertThat(judgement.claims().text("akParent")).contains("endorsement key");
      assertThat(judgement.claims().text("akResidence")).contains("not proven");
      assertThat(judgement.claims().hex("akName")).contains(attester.attestationArea().name());
      assertThat(judgement.claims().hex("pcr8")).contains(Bytes.of(new byte[32]));
    }
  }

  @Test
  void aTamperedOrForeignQuoteIsRefused() throws IOException {
    Bytes nonce = Bytes.random(RANDOM, 32);
    try (TpmAttester attester = attester(TpmAlg.RSASSA)) {
      Documents documents = attester.quote(nonce.toArray());
      for (String name : List.of("quote.msg", "quote.sig", "ak.tpm2b_public", "pcrs.bin")) {
        byte[] changed = documents.get(name).orElseThrow().toArray();
        changed[changed.length - 1] ^= 1;
        assertThat(
                verifier
                    .verify(documents.with(name, Bytes.of(changed)), expecting(nonce))
                    .verdict())
            .as(name)
            .isEqualTo(Verdict.REJECT);
      }
      Judgement other = verifier.verify(documents, expecting(Bytes.random(RANDOM, 32)));
      assertThat(other.failure()).contains(AttestationException.Code.REPORT_DATA_MISMATCH);
      assertThat(
              EvidenceVerifier.with(Anchors.pinned()).verify(documents, expecting(nonce)).verdict())
          .isEqualTo(Verdict.INCOMPLETE);
    }
  }

  @Test
  void anExtendedRegisterShowsInTheNextQuote() throws IOException {
    byte[] digest = TpmHash.SHA256.digest("app-measurement".getBytes(StandardCharsets.UTF_8));
    try (TpmAttester attester = attester(TpmAlg.ECDSA)) {
      attester.extend(8, digest);
      Bytes nonce = Bytes.random(RANDOM, 32);
      Judgement judgement = verifier.verify(attester.quote(nonce.toArray()), expecting(nonce));
      assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
      assertThat(judgement.claims().hex("pcr8"))
          .contains(Bytes.of(TpmHash.SHA256.digest(new byte[32], digest)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TpmAlg.RSASSA, TpmAlg.ECDSA})
  void anActivatedCredentialProvesResidence(int scheme) throws IOException {
    Bytes nonce = Bytes.random(RANDOM, 32);
    try (TpmAttester attester = attester(scheme)) {
      PublicKey ek = attester.endorsementArea().key();
      CredentialChallenge challenge =
          CredentialChallenge.issue(ek, attester.attestationArea().name(), RANDOM);
      byte[] answer =
          attester.answer(CredentialChallenge.Question.decode(challenge.question().encode()));
      Activation activation = challenge.judge(answer).orElseThrow();
      Judgement judgement =
          TpmVerifier.INSTANCE.judge(
              attester.quote(nonce.toArray()), expecting(nonce), anchors(), activation);
      assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
      assertThat(judgement.claims().text("akResidence")).contains("credential-activated");
      assertThat(challenge.judge(answer)).as("a second answer").isEmpty();
    }
  }

  @Test
  void aCredentialForAnotherKeyIsNotOpened() throws IOException {
    try (TpmAttester attester = attester(TpmAlg.RSASSA)) {
      byte[] name = attester.attestationArea().name().toArray();
      name[name.length - 1] ^= 1;
      CredentialChallenge challenge =
          CredentialChallenge.issue(attester.endorsementArea().key(), Bytes.of(name), RANDOM);
      assertThatThrownBy(() -> attester.answer(challenge.question()))
          .isInstanceOf(AttestationException.class)
          .hasMessageContaining("integrity check failed");
    }
  }

  /** Without the tie by name to the endorsement key, nothing is said about its parents. */
  @Test
  void aKeyBelowTheStorageKeyNeedsItsParentsArea() throws IOException {
    try (TpmClient client = client()) {
      client.startup();
      TpmClient.Loaded srk = client.createPrimary(TpmClient.OWNER, TpmTemplates.srkEcc());
      TpmClient.Created created =
          client.create(
              srk.handle(), TpmClient.PASSWORD, TpmTemplates.attestationKey(TpmAlg.ECDSA));
      TpmClient.Loaded key = client.load(srk.handle(), TpmClient.PASSWORD, created);
      assertThat(client.readPublic(key.handle())).isEqualTo(key.publicArea());
      TpmClient.Quoted quoted = client.quote(key.handle(), new byte[] {7}, List.of(0));
      Documents documents =
          new Documents(
              Map.of(
                  "quote.msg", quoted.message(),
                  "quote.sig", quoted.signature(),
                  "ak.tpm2b_public", Bytes.of(key.publicArea().sized()),
                  "pcrs.bin", client.readPcrs(List.of(0)).values().iterator().next()));
      Judgement without = verifier.verify(documents, Expectation.at(AT));
      assertThat(without.record().failing().orElseThrow().name()).isEqualTo("ak-qualified-name");
      Judgement with =
          verifier.verify(
              documents.with("ak_parent.tpm2b_public", Bytes.of(srk.publicArea().sized())),
              Expectation.at(AT));
      assertThat(with.record().failing().orElseThrow().name()).isEqualTo("ek-certificate");
      assertThat(with.claims().text("akParent")).contains("supplied parent in the owner hierarchy");
      client.flush(key.handle());
      client.flush(srk.handle());
    }
  }

  @Test
  void refusalsAreSaidInWords() throws IOException {
    try (TpmClient client = client()) {
      client.startup();
      assertThat(client.random(16)).hasSize(16).isNotEqualTo(client.random(16));
      assertThatThrownBy(() -> client.readPublic(0x80000005L))
          .isInstanceOf(AttestationException.class)
          .hasMessageContaining("TPM2_read_public was refused")
          .hasMessageContaining("response code 0x");
      assertThat(client.readNv(TpmClient.EK_CERTIFICATE_RSA)).isEqualTo(Bytes.empty());
    }
  }

  @Test
  void theToolsAcceptOurQuoteAndRefuseAChangedOne() throws IOException {
    byte[] nonce = RANDOM.bytes(20);
    Documents documents;
    try (TpmAttester attester =
        TpmAttester.open(startedClient(), TpmAlg.RSASSA, REGISTERS, new Documents(Map.of()))) {
      attester.extend(1, RANDOM.bytes(32));
      documents = attester.quote(nonce);
    }
    Files.write(tpm().file("pcrs.tools"), forTools(documents.get("pcrs.bin").orElseThrow()));
    for (String name : List.of("ak.pem", "quote.msg", "quote.sig")) {
      Files.write(tpm().file(name), documents.get(name).orElseThrow().toArray());
    }
    String[] check = {
      "tpm2_checkquote",
      "-u",
      "ak.pem",
      "-m",
      "quote.msg",
      "-s",
      "quote.sig",
      "-f",
      "pcrs.tools",
      "-g",
      "sha256",
      "-q",
      HexFormat.of().formatHex(nonce)
    };
    tpm().tool(check);
    byte[] changed = documents.get("quote.msg").orElseThrow().toArray();
    changed[60] ^= 1;
    Files.write(tpm().file("quote.msg"), changed);
    assertThat(tpm().attempt(check).exit()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsassa", "rsapss", "ecdsa"})
  void weAcceptAQuoteOfTheTools(String scheme) throws IOException {
    String algorithm = scheme.equals("ecdsa") ? "ecc" : "rsa";
    tpm().tool("tpm2_createek", "-G", algorithm, "-c", "ek.ctx", "-u", "ek.pem", "-f", "pem");
    tpm().tool("tpm2_flushcontext", "-t");
    tpm()
        .tool(
            "tpm2_createak",
            "-C",
            "ek.ctx",
            "-c",
            "ak.ctx",
            "-G",
            algorithm,
            "-g",
            "sha256",
            "-s",
            scheme,
            "-u",
            "ak.tpm2b_public",
            "-f",
            "tss");
    tpm().tool("tpm2_flushcontext", "-t");
    tpm()
        .tool(
            "tpm2_quote",
            "-c",
            "ak.ctx",
            "-l",
            selection(REGISTERS),
            "-q",
            "00112233",
            "-m",
            "quote.msg",
            "-s",
            "quote.sig",
            "-o",
            "pcrs.bin",
            "-F",
            "values",
            "-g",
            "sha256",
            "--scheme",
            scheme);
    PublicKey ek = Anchors.read(only("ek.pem")).of(Anchors.Vendor.TPM).keys().getFirst();
    Documents documents =
        new Documents(
            Map.of(
                "quote.msg", read("quote.msg"),
                "quote.sig", read("quote.sig"),
                "ak.tpm2b_public", read("ak.tpm2b_public"),
                "pcrs.bin", read("pcrs.bin"),
                "ek_cert.der", certificate(ek)));
    Judgement judgement =
        verifier.verify(documents, expecting(Bytes.of(HexFormat.of().parseHex("00112233"))));
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.claims().text("akParent")).contains("endorsement key");
  }

  @Test
  void theCertificateIsReadOutOfTheTpm() throws IOException {
    PublicKey ek;
    try (TpmAttester attester = attester(TpmAlg.RSASSA)) {
      ek = attester.endorsementArea().key();
    }
    byte[] der = certificate(ek).toArray();
    // Larger than one chunk, and padded as some manufacturers do.
    byte[] padded = Arrays.copyOf(der, 1200);
    Files.write(tpm().file("ek.der"), padded);
    tpm()
        .tool(
            "tpm2_nvdefine",
            EK_INDEX,
            "-C",
            "o",
            "-s",
            "1200",
            "-a",
            "ownerread|authread|ownerwrite|authwrite");
    tpm().tool("tpm2_nvwrite", EK_INDEX, "-C", "o", "-i", "ek.der");
    try (TpmAttester attester =
        TpmAttester.open(startedClient(), TpmAlg.RSASSA, REGISTERS, new Documents(Map.of()))) {
      Documents documents = attester.quote(new byte[] {1});
      assertThat(documents.get("ek_cert.der")).contains(Bytes.of(der));
      assertThat(verifier.verify(documents, Expectation.at(AT)).verdict())
          .isEqualTo(Verdict.ACCEPT);
    }
  }

  /**
   * Puts values into the tools' own form, which is that of the structures in memory: a selection of
   * up to 16 banks, and lists of up to eight digests of up to 64 bytes. Raw values they read
   * wrongly when there are many.
   */
  private static byte[] forTools(Bytes values) {
    int lists = (REGISTERS.size() + 7) / 8;
    ByteBuffer out = ByteBuffer.allocate(136 + lists * 532).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(1).putShort((short) TpmHash.SHA256.id()).put((byte) 3);
    int bitmap = 0;
    for (int register : REGISTERS) {
      bitmap |= 1 << register;
    }
    out.putInt(bitmap).position(132).putInt(lists);
    for (int i = 0; i < REGISTERS.size(); i++) {
      int list = 136 + i / 8 * 532;
      out.putInt(list, i % 8 + 1);
      out.position(list + 4 + i % 8 * 66).putShort((short) 32);
      out.put(values.toArray(), 32 * i, 32);
    }
    return out.array();
  }

  private static String selection(List<Integer> registers) {
    return "sha256:" + String.join(",", registers.stream().map(String::valueOf).toList());
  }

  private TpmAttester attester(int scheme) throws IOException {
    TpmClient client = startedClient();
    boolean ecc = scheme == TpmAlg.ECDSA;
    TpmClient.Loaded ek =
        client.createPrimary(
            TpmClient.ENDORSEMENT,
            ecc
                ? TpmTemplates.ekEcc(Bytes.of(new byte[32]), Bytes.of(new byte[32]))
                : TpmTemplates.ekRsa(Bytes.of(new byte[256])));
    client.flush(ek.handle());
    Documents endorsement =
        new Documents(
            Map.of(
                "ek_cert.der",
                certificate(ek.publicArea().key()),
                "ek_root.pem",
                Bytes.of(
                    Authority.pem(authority.certificate()).getBytes(StandardCharsets.US_ASCII))));
    return TpmAttester.open(client, scheme, REGISTERS, endorsement);
  }

  private TpmClient startedClient() throws IOException {
    TpmClient client = client();
    client.startup();
    return client;
  }

  private TpmClient client() throws IOException {
    return new TpmClient(TpmDevice.socket(tpm().address(), TIMEOUT), RANDOM);
  }

  private Bytes certificate(PublicKey ek) {
    X509Certificate certificate = authority.issue(TpmVendor.certificate(ek));
    return Bytes.of(Authority.der(certificate));
  }

  private Anchors anchors() {
    return Anchors.of(new Anchors.Set(List.of(authority.certificate()), List.of(), List.of()));
  }

  private static Expectation expecting(Bytes nonce) {
    return new Expectation(AT, Optional.of(nonce));
  }

  private Bytes read(String name) throws IOException {
    return Bytes.of(Files.readAllBytes(tpm().file(name)));
  }

  private Path only(String name) throws IOException {
    Path alone = Files.createDirectories(tpm().file("only"));
    Files.copy(tpm().file(name), alone.resolve(name));
    return alone;
  }

  private SoftwareTpm tpm() {
    return running.orElseThrow();
  }
}
