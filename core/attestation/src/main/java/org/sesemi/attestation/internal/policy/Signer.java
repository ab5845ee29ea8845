package org.sesemi.attestation.internal.policy;

import java.util.List;
import java.util.Optional;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;

/**
 * An SGX enclave named by who signed it, in place of what it is: the signer may run any version of
 * the product from the floor on.
 *
 * @param mrSigner the digest of the signer's key
 * @param product the product number
 * @param svn the lowest security version
 */
record Signer(Bytes mrSigner, long product, long svn) implements Demand {

  static Demand read(PolicyNode node) {
    node.members(List.of("mrsigner", "product", "svn-at-least"));
    return new Signer(
        Values.hex(node.required("mrsigner"), false, 32),
        node.required("product").number(0, 0xffff),
        node.required("svn-at-least").number(0, 0xffff));
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    Optional<Bytes> signer = subject.hex("mrsigner");
    Optional<Long> number = subject.number("isvprodid");
    Optional<Long> version = subject.number("isvsvn");
    if (signer.isEmpty() || number.isEmpty() || version.isEmpty()) {
      return Optional.of(Demands.missing(name, says(), "mrsigner"));
    }
    return Optional.of(
        Check.of(
            name,
            signer.get().equals(mrSigner) && number.get() == product && version.get() >= svn,
            says(),
            signer.get().hex() + ", product " + number.get() + ", version " + version.get(),
            "the policy does not name this signer, product and version"));
  }

  @Override
  public JsonValue json() {
    return JsonObject.builder()
        .put("mrsigner", mrSigner.hex())
        .put("product", product)
        .put("svn-at-least", svn)
        .build();
  }

  @Override
  public String says() {
    return mrSigner.hex() + ", product " + product + ", version at least " + svn;
  }
}
