import org.jspecify.annotations.NullMarked;

/**
 * Secrets and sealed data: secret types, sealed envelopes, sealed model packages and identity keys.
 * Primitives come from the JDK or from a provider that the caller hands in.
 */
@NullMarked
module org.sesemi.crypto {
  requires transitive org.sesemi.wire;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.crypto;
}
