import org.jspecify.annotations.NullMarked;

/**
 * Function platforms: one interface over the function platforms that start, find and stop
 * instances, with the embedded process platform.
 */
@NullMarked
module org.sesemi.platform {
  requires transitive org.sesemi.wire;
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;

  exports org.sesemi.platform;
}
