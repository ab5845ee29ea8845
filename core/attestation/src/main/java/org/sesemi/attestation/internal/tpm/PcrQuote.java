package org.sesemi.attestation.internal.tpm;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.wire.Bytes;

/**
 * Registers of a quote together with the values that came with it.
 *
 * @param attest the quote
 * @param values the values in the order of the selection
 */
public record PcrQuote(TpmsAttest attest, List<Bytes> values) {

  /** Copies the values. */
  public PcrQuote {
    values = List.copyOf(values);
  }

  /** {@return what is wrong with the bank of a quote} */
  public static Optional<String> bankProblem(TpmsAttest attest) {
    if (attest.selections().size() != 1) {
      return Optional.of(attest.selections().size() + " banks");
    }
    PcrSelection only = attest.selections().getFirst();
    if (only.hash() != TpmHash.SHA256.id()) {
      return Optional.of(TpmAlg.name(only.hash()));
    }
    return only.registers().isEmpty() ? Optional.of("no register") : Optional.empty();
  }

  /** {@return the selection, when there is exactly one} */
  public static String selection(TpmsAttest attest) {
    return String.join("; ", attest.selections().stream().map(PcrSelection::text).toList());
  }

  /** {@return what is wrong with the number and lengths of the values} */
  public Optional<String> valuesProblem() {
    int selected = registers().size();
    if (values.size() != selected) {
      return Optional.of(values.size() + " values for " + selected + " registers");
    }
    return values.stream().allMatch(value -> value.length() == TpmHash.SHA256.length())
        ? Optional.empty()
        : Optional.of("a value that has not " + TpmHash.SHA256.length() + " bytes");
  }

  /** {@return the digest of the values by the hash algorithm of the signature} */
  public byte[] digest(TpmHash hash) {
    return hash.digest(values.stream().map(Bytes::toArray).toArray(byte[][]::new));
  }

  /** {@return the values by register, when there is one for each} */
  public SortedMap<Integer, Bytes> byRegister() {
    SortedMap<Integer, Bytes> result = new TreeMap<>();
    List<Integer> registers = registers();
    for (int i = 0; i < Math.min(registers.size(), values.size()); i++) {
      result.put(registers.get(i), values.get(i));
    }
    return result;
  }

  /** Puts the values among claims, each by the number of its register. */
  public void claimValues(ClaimSet.Builder claims) {
    byRegister().forEach((register, value) -> claims.put("pcr" + register, value));
  }

  private List<Integer> registers() {
    return attest.selections().getFirst().registers();
  }

  /** Puts what a quote says among claims. */
  public static void claim(TpmsAttest attest, ClaimSet.Builder claims) {
    claims
        .put("measurement", attest.pcrDigest())
        .put("reportData", attest.extraData())
        .put("debug", false)
        .put("extraData", attest.extraData())
        .put("pcrSelection", selection(attest))
        .put("pcrDigest", attest.pcrDigest())
        .put("qualifiedSigner", attest.qualifiedSigner())
        .put("clock", attest.clock())
        .put("resetCount", attest.resetCount())
        .put("restartCount", attest.restartCount())
        .put("clockSafe", attest.safe())
        .put("firmwareVersion", attest.firmwareVersion());
  }
}
