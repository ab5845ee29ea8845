import org.jspecify.annotations.NullMarked;

/**
 * Key service: decides who may use which model where, releases keys to attested functions and keeps
 * the audit log.
 */
@NullMarked
module org.sesemi.keyservice {
  requires transitive org.sesemi.wire;
  requires transitive org.sesemi.crypto;
  requires transitive org.sesemi.attestation;
  requires org.sesemi.channel;
  requires com.h2database;
  requires org.conscrypt;
  requires java.sql;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.keyservice;
}
