import org.jspecify.annotations.NullMarked;

/**
 * Data that crosses a boundary: the words that every side of the system speaks: identifiers, Open
 * Inference Protocol tensors, envelope records, and strict JSON and CBOR. Uses the JDK alone.
 */
@NullMarked
module org.sesemi.wire {
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports org.sesemi.wire;
}
