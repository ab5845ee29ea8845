import org.jspecify.annotations.NullMarked;

/**
 * Packer: decides which function instance serves the next request of which model, seeing ciphertext
 * and metadata only.
 */
@NullMarked
module org.sesemi.packer {
  requires transitive org.sesemi.wire;
  requires transitive org.sesemi.platform;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires java.logging;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.packer;
}
