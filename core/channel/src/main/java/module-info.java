import org.jspecify.annotations.NullMarked;

/**
 * Attested connections: TLS 1.3 with attestation inside and a small HTTP/1.1 on top, used by every
 * attested connection.
 */
@NullMarked
module org.sesemi.channel {
  requires transitive org.sesemi.wire;
  requires transitive org.sesemi.crypto;
  requires transitive org.sesemi.attestation;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.channel;
}
