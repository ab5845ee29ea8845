package org.sesemi.attestation;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** The example of docs/attestation.md. */
final class LibraryExample {

  private LibraryExample() {}

  // example
  static String judge(Path folder, Path policyFile, Bytes nonce, Instant now) {
    EvidencePolicy policy = EvidencePolicy.read(policyFile);
    EvidenceVerifier verifier = EvidenceVerifier.with(Anchors.pinned());
    Documents documents = Documents.read(folder);
    Judgement authentic = verifier.verify(documents, new Expectation(now, Optional.of(nonce)));
    Judgement judgement = policy.appraise(authentic, now);
    Optional<String> status = judgement.tcbStatus(); // the vendor's, such as UpToDate
    Optional<Instant> end = judgement.validUntil(); // verify again before then
    boolean genuine = authentic.verdict() == Verdict.ACCEPT;
    judgement.require(); // throws with every check unless the verdict is accept
    String measurement = judgement.claims().hex("measurement").orElseThrow().hex();
    return measurement + " " + genuine + " " + status.orElse("-") + " " + end.orElse(now);
  }
  // end of example
}
