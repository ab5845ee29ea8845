package org.sesemi.attestation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;

/**
 * The verifier of evidence from real hardware that came over a connection: an {@link Evidence}
 * whose bytes are encoded {@link Documents}, evidence and collateral alike. {@link EvidenceBinding}
 * says how it covers the connection.
 *
 * <p>{@link Claims} of hardware are made so:
 *
 * <ul>
 *   <li>The measurement is SHA-256 over {@code sesemi/v1/measurement/} with the platform's name,
 *       and every measurement register that the evidence has, each behind its length (4 bytes, big
 *       endian): SNP {@code measurement}; TDX {@code mrtd, rtmr0..3}; SGX {@code mrenclave}; Nitro
 *       {@code pcr0..2}; Azure the hardware's {@code measurement} and {@code pcrDigest}; others
 *       {@code measurement}.
 *   <li>The configuration is HOST_DATA of SNP, or the first 32 bytes of MRCONFIGID or CONFIGID,
 *       whose other bytes have to be zero; 32 zero bytes where the platform has no such field.
 *   <li>The root is a digest over the public keys that are believed for the platform.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class HardwareVerifier implements Verifier {

  /** How long evidence without any date of its own is taken for true. */
  private static final Duration UNDATED = Duration.ofHours(1);

  private final Set<PlatformKind> platforms;
  private final Anchors anchors;
  private final EvidenceVerifier verifier;

  /**
   * Makes a verifier.
   *
   * @param platforms the platforms whose evidence is judged, at least one
   * @param anchors the roots to believe
   */
  public HardwareVerifier(Set<PlatformKind> platforms, Anchors anchors) {
    if (platforms.isEmpty() || platforms.contains(PlatformKind.SIMULATED)) {
      throw new AttestationException(
          Code.POLICY_EMPTY, "a verifier of hardware names platforms of hardware");
    }
    this.platforms = Collections.unmodifiableSortedSet(new TreeSet<>(platforms));
    this.anchors = anchors;
    this.verifier = EvidenceVerifier.with(anchors);
  }

  @Override
  public PlatformKind platform() {
    return platforms.iterator().next();
  }

  @Override
  public Verification verify(Evidence evidence, byte[] expectedReportData, Instant at) {
    PlatformKind platform = evidence.platform();
    Bytes nonce = EvidenceBinding.of(platform, expectedReportData);
    CheckList checks = new CheckList("evidence");
    boolean known =
        checks.that(
            Code.PLATFORM_MISMATCH,
            Check.of(
                "evidence-platform",
                platforms.contains(platform),
                platforms.stream().map(PlatformKind::text).collect(Collectors.joining(" or ")),
                platform.text(),
                "the evidence is of another platform"));
    if (!known) {
      return checks.without();
    }
    Documents documents;
    try {
      documents = Documents.decode(evidence.bytes().toArray());
    } catch (AttestationException e) {
      checks.that(
          (Code) e.errorCode(), Check.failed("evidence-format", "documents", "", e.detail()));
      return checks.without();
    }
    Judgement judgement =
        verifier.verify(platform, documents, new Expectation(at, Optional.of(nonce)));
    Code failure = judgement.failure().orElse(Code.INCOMPLETE);
    judgement.record().checks().forEach(check -> checks.that(failure, check));
    covers(checks, judgement.claims(), platform, nonce);
    configuration(checks, judgement.claims());
    if (!judgement.record().accepted()) {
      return checks.without();
    }
    return checks.with(claims(judgement, expectedReportData, at));
  }

  /** Compares the field itself once more, wherever a platform has the 64 bytes as they are. */
  private static void covers(
      CheckList checks, ClaimSet claims, PlatformKind platform, Bytes nonce) {
    switch (platform) {
      case SNP, TDX, SGX, CCA -> {
        Bytes got = claims.hex("reportData").orElse(Bytes.empty());
        checks.that(
            Code.REPORT_DATA_MISMATCH,
            Check.of(
                "connection-report-data",
                got.equals(nonce),
                nonce.hex(),
                got.hex(),
                "the evidence was made for something else"));
      }
      case NITRO, TPM, AZURE_VTPM, NVIDIA, SIMULATED -> {
        // The verifier of the platform compared the nonce with its own field.
      }
    }
  }

  private static void configuration(CheckList checks, ClaimSet claims) {
    Bytes field = configurationField(claims);
    byte[] bytes = field.toArray();
    boolean short32 = true;
    for (int i = Digest.LENGTH; i < bytes.length; i++) {
      short32 &= bytes[i] == 0;
    }
    checks.that(
        Code.CONFIG_NOT_ALLOWED,
        Check.of(
            "configuration-form",
            short32,
            "a digest of 32 bytes",
            field.hex(),
            "the configuration field holds more than a digest of 32 bytes"));
  }

  private static Bytes configurationField(ClaimSet claims) {
    return claims
        .hex("hostData")
        .or(() -> claims.hex("mrconfigid"))
        .or(() -> claims.hex("configid"))
        .orElse(Bytes.of(new byte[Digest.LENGTH]));
  }

  private Claims claims(Judgement judgement, byte[] reportData, Instant at) {
    ClaimSet claims = judgement.claims();
    byte[] config = new byte[Digest.LENGTH];
    configurationField(claims).toBuffer().get(config);
    return new Claims(
        judgement.platform(),
        anchors.digest(judgement.platform()).value(),
        measurement(judgement.platform(), claims),
        Digest.of(config),
        Bytes.of(reportData),
        claims
            .hex("reportId")
            .or(() -> claims.text("moduleId").map(HardwareVerifier::ascii))
            .orElse(Bytes.empty()),
        claims.number("guestSvn").or(() -> claims.number("isvsvn")).orElse(0L),
        claims.flag("debug").orElse(true),
        judgement.validUntil().orElse(at.plus(UNDATED)),
        Optional.of(new HardwareClaims(judgement, at)));
  }

  /**
   * {@return the measurement of an enclave as one digest}
   *
   * @param platform the platform
   * @param claims what its evidence says
   */
  static Digest measurement(PlatformKind platform, ClaimSet claims) {
    MessageDigest digest = Digest.newSha256();
    digest.update(ascii("sesemi/v1/measurement/" + platform.text()).toArray());
    for (Bytes register : registers(platform, claims)) {
      digest.update(ByteBuffer.allocate(4).putInt(register.length()).array());
      digest.update(register.toArray());
    }
    return Digest.of(digest.digest());
  }

  private static List<Bytes> registers(PlatformKind platform, ClaimSet claims) {
    List<Bytes> registers = new ArrayList<>();
    claims.hex("measurement").ifPresent(registers::add);
    switch (platform) {
      case TDX -> {
        for (int i = 0; i < 4; i++) {
          claims.hex("rtmr" + i).ifPresent(registers::add);
        }
      }
      case NITRO -> {
        ClaimSet pcrs = claims.group("pcrs").orElse(ClaimSet.empty());
        pcrs.hex("pcr1").ifPresent(registers::add);
        pcrs.hex("pcr2").ifPresent(registers::add);
      }
      case AZURE_VTPM -> claims.hex("pcrDigest").ifPresent(registers::add);
      case SNP, SGX, TPM, NVIDIA, CCA, SIMULATED -> {
        // One register says it all.
      }
    }
    return registers;
  }

  private static Bytes ascii(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
  }
}
