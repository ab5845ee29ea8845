import org.jspecify.annotations.NullMarked;

/**
 * Seeded generator-based testing for every module, the core included.
 *
 * <p>It has no dependency of its own, so that the modules at the bottom of the house can use it in
 * their tests without a cycle.
 */
@NullMarked
module org.sesemi.property {
  requires static org.jspecify;

  exports org.sesemi.property;
}
