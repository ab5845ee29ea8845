import org.jspecify.annotations.NullMarked;

/**
 * Packer: decides which function instance serves the next request of which model, seeing ciphertext
 * and metadata only.
 */
@NullMarked
module org.sesemi.packer {
  requires org.sesemi.wire;
  requires org.sesemi.platform;
  requires io.helidon.webserver;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
}
