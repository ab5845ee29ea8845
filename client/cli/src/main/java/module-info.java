import org.jspecify.annotations.NullMarked;

/**
 * Command line: the sesemi command and the supervisor that starts the whole system on one machine.
 */
@NullMarked
module org.sesemi.cli {
  requires org.sesemi.sdk;
  requires org.sesemi.wire;
  requires org.sesemi.crypto;
  requires org.sesemi.attestation;
  requires java.net.http;
  requires info.picocli;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.cli;

  opens org.sesemi.cli.internal to
      info.picocli;
}
