import org.jspecify.annotations.NullMarked;

/**
 * Test vendors of trusted hardware: they make evidence and collateral byte for byte like the real
 * ones, under roots that nobody else believes.
 *
 * <p>The layouts are written down here a second time, on purpose: a generator that shared code with
 * the verifiers would share their mistakes.
 */
@NullMarked
module org.sesemi.vendors {
  requires static transitive org.jspecify;
  requires transitive org.bouncycastle.pkix;
  requires transitive org.bouncycastle.provider;
  requires java.xml.crypto;

  exports org.sesemi.vendors;
}
