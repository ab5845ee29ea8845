import org.jspecify.annotations.NullMarked;

/**
 * Function runtime: serves one request from sealed input to sealed answer: keys, model, decryption,
 * inference, encryption and receipt.
 */
@NullMarked
module org.sesemi.runtime {
  requires transitive org.sesemi.wire;
  requires transitive org.sesemi.crypto;
  requires transitive org.sesemi.attestation;
  requires org.sesemi.channel;
  requires com.microsoft.onnxruntime;
  requires org.conscrypt;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.runtime;
  exports org.sesemi.runtime.spi;
}
