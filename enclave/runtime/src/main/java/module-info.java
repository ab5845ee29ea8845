import org.jspecify.annotations.NullMarked;

/**
 * Function runtime: serves one request from sealed input to sealed answer: keys, model, decryption,
 * inference, encryption and receipt.
 */
@NullMarked
module org.sesemi.runtime {
  requires transitive org.sesemi.wire;
  requires org.sesemi.crypto;
  requires org.sesemi.attestation;
  requires org.sesemi.channel;
  requires com.microsoft.onnxruntime;
  requires org.conscrypt;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.runtime.spi;
}
