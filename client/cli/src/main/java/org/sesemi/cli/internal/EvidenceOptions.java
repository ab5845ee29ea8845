package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;
import picocli.CommandLine.Option;

/** What every command about evidence takes: which platform, when, and which roots. */
final class EvidenceOptions {

  @Option(
      names = "--platform",
      paramLabel = "P",
      description =
          "snp, tdx, sgx, nitro, tpm, azure-vtpm, nvidia or cca (default: as the files tell).")
  private @Nullable String platform;

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      description = "Judge dates at this instant, such as 2026-01-31T12:00:00Z (default: now).")
  private @Nullable String at;

  @Option(
      names = "--anchors",
      paramLabel = "FOLDER",
      description = "Believe the roots in this folder, in place of those of this release.")
  private @Nullable Path anchors;

  /** Wrong usage in one of the options. */
  static final class Mistake extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Mistake(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** Returns the instant at which dates are judged. */
  Instant instant() {
    String given = at;
    if (given == null) {
      return Instant.now();
    }
    try {
      return Instant.parse(given);
    } catch (DateTimeParseException e) {
      throw new Mistake("--at takes an instant such as 2026-01-31T12:00:00Z, not '" + given + "'");
    }
  }

  /** Returns the roots in words. */
  String anchorsText() {
    Path folder = anchors;
    return folder == null ? "pinned" : folder.toString();
  }

  /** Reads a folder, or one file by itself. */
  static Documents read(Path place) throws IOException {
    return Files.isRegularFile(place)
        ? new Documents(
            Map.of(String.valueOf(place.getFileName()), Bytes.of(Files.readAllBytes(place))))
        : Documents.read(place);
  }

  /** Returns the platform that was named, or that the documents tell. */
  Optional<PlatformKind> platform(Documents documents) {
    String given = platform;
    if (given == null) {
      return EvidenceVerifier.detect(documents);
    }
    List<PlatformKind> known =
        Arrays.stream(PlatformKind.values()).filter(k -> k != PlatformKind.SIMULATED).toList();
    return Optional.of(
        known.stream()
            .filter(kind -> kind.text().equals(given))
            .findFirst()
            .orElseThrow(
                () ->
                    new Mistake(
                        "--platform takes "
                            + known.stream()
                                .map(PlatformKind::text)
                                .collect(Collectors.joining(", "))
                            + ", not '"
                            + given
                            + "'")));
  }

  /** Judges documents. */
  Judgement judge(PlatformKind kind, Documents documents, Instant instant, @Nullable String nonce) {
    Path folder = anchors;
    Anchors roots = folder == null ? Anchors.pinned() : Anchors.read(folder);
    return EvidenceVerifier.with(roots)
        .verify(kind, documents, new Expectation(instant, nonce(nonce)));
  }

  /** Reads a nonce before anything is judged, so that a mistake in it is one of usage. */
  static Optional<Bytes> nonce(@Nullable String hex) {
    if (hex == null) {
      return Optional.empty();
    }
    try {
      Bytes bytes = Bytes.of(HexFormat.of().parseHex(hex));
      var _ = new Expectation(Instant.EPOCH, Optional.of(bytes));
      return Optional.of(bytes);
    } catch (IllegalArgumentException e) {
      throw new Mistake("--nonce takes bytes in hex");
    } catch (AttestationException e) {
      throw new Mistake("--nonce: " + e.detail());
    }
  }
}
