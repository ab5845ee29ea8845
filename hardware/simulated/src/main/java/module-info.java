import org.jspecify.annotations.NullMarked;

/**
 * Simulated platform: stands in for confidential hardware: launches, measures, quotes and seals.
 * Protects nothing and says so everywhere.
 */
@NullMarked
module org.sesemi.simulated {
  requires org.sesemi.wire;
  requires org.sesemi.crypto;
  requires org.sesemi.attestation;
  requires org.sesemi.channel;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
}
