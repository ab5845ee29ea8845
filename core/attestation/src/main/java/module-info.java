import org.jspecify.annotations.NullMarked;

/**
 * Attestation: the way from evidence over verified claims to a verdict, in the roles of RFC 9334:
 * attester, verifier and policy.
 */
@NullMarked
module org.sesemi.attestation {
  requires transitive org.sesemi.wire;
  requires transitive org.sesemi.crypto;
  requires java.xml.crypto;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.attestation;
}
