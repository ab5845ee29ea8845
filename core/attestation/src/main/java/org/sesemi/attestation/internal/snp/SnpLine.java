package org.sesemi.attestation.internal.snp;

import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** A product line: its processors, its certificate authorities and the form of its levels. */
public enum SnpLine {
  /** Third generation, family 19h. */
  MILAN("Milan", SnpTcb.Layout.MILAN_GENOA, 64),
  /** Fourth generation, family 19h, with Bergamo and Siena. */
  GENOA("Genoa", SnpTcb.Layout.MILAN_GENOA, 64),
  /** Fifth generation, family 1Ah. */
  TURIN("Turin", SnpTcb.Layout.TURIN, 8);

  private static final String OWNER =
      ",O=Advanced Micro Devices,ST=CA,L=Santa Clara,C=US,OU=Engineering";

  private final String text;
  private final SnpTcb.Layout layout;
  private final int hwidLength;

  SnpLine(String text, SnpTcb.Layout layout, int hwidLength) {
    this.text = text;
    this.layout = layout;
    this.hwidLength = hwidLength;
  }

  /** {@return the vendor's name of it} */
  public String text() {
    return text;
  }

  /** {@return the form of its TCB versions} */
  public SnpTcb.Layout layout() {
    return layout;
  }

  /** {@return how many bytes of a chip id are used; the others are zero} */
  public int hwidLength() {
    return hwidLength;
  }

  /** {@return the name of its root} */
  public X500Principal root() {
    return name("ARK-" + text);
  }

  /** {@return the name of the authority that issues certificates of a kind of key} */
  public X500Principal authority(SigningKey key) {
    return name((key == SigningKey.VLEK ? "SEV-VLEK-" : "SEV-") + text);
  }

  /** {@return the name in every certificate of a kind of key} */
  public static X500Principal subject(SigningKey key) {
    return name("SEV-" + key.name());
  }

  /** {@return the line of a processor} */
  public static Optional<SnpLine> ofCpuid(int family, int model) {
    if (family == 0x19 && model <= 0x0f) {
      return Optional.of(MILAN);
    }
    if (family == 0x19 && ((model >= 0x10 && model <= 0x1f) || (model >= 0xa0 && model <= 0xaf))) {
      return Optional.of(GENOA);
    }
    if (family == 0x1a && model <= 0x11) {
      return Optional.of(TURIN);
    }
    return Optional.empty();
  }

  /** {@return the line of a product name, which may go on with a stepping, as in Milan-B0} */
  public static Optional<SnpLine> ofProduct(String product) {
    int dash = product.indexOf('-');
    String line = dash < 0 ? product : product.substring(0, dash);
    for (SnpLine each : values()) {
      if (each.text.equals(line)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static X500Principal name(String commonName) {
    return new X500Principal("CN=" + commonName + OWNER);
  }
}
