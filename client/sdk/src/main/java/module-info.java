import org.jspecify.annotations.NullMarked;

/**
 * Client library: the Java interface of owners and users: publish, grant, seal, infer and verify.
 */
@NullMarked
module org.sesemi.sdk {
  requires transitive org.sesemi.wire;
  requires transitive org.sesemi.crypto;
  requires org.sesemi.attestation;
  requires org.sesemi.channel;
  requires java.net.http;
  requires org.conscrypt;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.sdk;
}
