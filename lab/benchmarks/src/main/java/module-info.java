import org.jspecify.annotations.NullMarked;

/**
 * Benchmarks: measures the parts and the whole; every number in the documentation comes from here.
 */
@NullMarked
module org.sesemi.bench {
  requires com.microsoft.onnxruntime;
  requires org.sesemi.attestation;
  requires org.sesemi.crypto;
  requires org.sesemi.sdk;
  requires org.sesemi.testkit;
  requires org.sesemi.wire;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
}
