import org.jspecify.annotations.NullMarked;

/** Test kit: clocks, networks, generators and fakes that tests of every module share. */
@NullMarked
module org.sesemi.testkit {
  requires transitive org.sesemi.wire;
  requires org.sesemi.crypto;
  requires transitive org.sesemi.attestation;
  requires org.sesemi.channel;
  requires java.desktop;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.testkit;
}
