import org.jspecify.annotations.NullMarked;

/**
 * Benchmarks: measures the parts and the whole; every number in the documentation comes from here.
 */
@NullMarked
module org.sesemi.bench {
  requires org.sesemi.wire;
  requires org.sesemi.crypto;
  requires org.sesemi.attestation;
  requires org.sesemi.channel;
  requires org.sesemi.simulated;
  requires org.sesemi.keyservice;
  requires org.sesemi.runtime;
  requires org.sesemi.platform;
  requires org.sesemi.packer;
  requires org.sesemi.sdk;
  requires org.sesemi.cli;
  requires org.sesemi.testkit;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
}
