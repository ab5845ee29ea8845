import org.jspecify.annotations.NullMarked;

/**
 * Attested connections: TLS 1.3 with attestation inside and a small HTTP/1.1 on top, used by every
 * attested connection.
 */
@NullMarked
module org.sesemi.channel {
  requires org.sesemi.wire;
  requires org.sesemi.crypto;
  requires org.sesemi.attestation;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
}
