package org.sesemi.attestation.internal.snp;

import org.sesemi.attestation.ClaimSet;
import org.sesemi.wire.Bytes;

/**
 * A TCB_VERSION: eight security levels of one byte each, some of them reserved. What a byte means
 * depends on the product line. Levels are compared one by one; as one integer they would hide a
 * lower level behind a higher one. AMD publication 56860, section 2.2.
 *
 * @param layout which byte is which level
 * @param raw the eight bytes in the order of the report
 */
public record SnpTcb(Layout layout, Bytes raw) {

  /** The number of bytes. */
  public static final int LENGTH = 8;

  /** What a level is about. */
  public enum Level {
    /** The boot loader. */
    BOOTLOADER(1),
    /** The operating system of the secure processor. */
    TEE(2),
    /** The SNP firmware. */
    SNP(3),
    /** The microcode of all cores. */
    MICROCODE(8),
    /** The firmware of the secure processor's own controller; on Turin only. */
    FMC(9);

    private final int arc;

    Level(int arc) {
      this.arc = arc;
    }
  }

  /** Which byte is which level. */
  public enum Layout {
    /** Milan and Genoa. */
    MILAN_GENOA,
    /** Turin. */
    TURIN;

    /** {@return which byte holds a level, or -1 when none does} */
    public int offset(Level level) {
      boolean turin = this == TURIN;
      return switch (level) {
        case FMC -> turin ? 0 : -1;
        case BOOTLOADER -> turin ? 1 : 0;
        case TEE -> turin ? 2 : 1;
        case SNP -> turin ? 3 : 6;
        case MICROCODE -> 7;
      };
    }

    /**
     * {@return the last arc of the extension that holds the level of a byte in a certificate; those
     * of reserved levels are 4 to 7, of which Turin lacks the first}
     */
    public int arc(int offset) {
      for (Level level : Level.values()) {
        if (offset(level) == offset) {
          return level.arc;
        }
      }
      return this == TURIN ? offset + 1 : offset + 2;
    }
  }

  /** Checks the length. */
  public SnpTcb {
    if (raw.length() != LENGTH) {
      throw new IllegalArgumentException("a TCB version has " + LENGTH + " bytes");
    }
  }

  /** {@return a level, from 0 to 255; 0 when the layout has none such} */
  public int level(Level level) {
    int offset = layout.offset(level);
    return offset < 0 ? 0 : raw.toArray()[offset] & 0xff;
  }

  /** {@return whether no level, reserved ones included, is above that of another} */
  public boolean atMost(SnpTcb other) {
    byte[] mine = raw.toArray();
    byte[] its = other.raw.toArray();
    for (int i = 0; i < LENGTH; i++) {
      if ((mine[i] & 0xff) > (its[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  /** {@return the levels as claims} */
  public ClaimSet claims() {
    ClaimSet.Builder claims =
        ClaimSet.builder()
            .put("bootloader", level(Level.BOOTLOADER))
            .put("tee", level(Level.TEE))
            .put("snp", level(Level.SNP))
            .put("microcode", level(Level.MICROCODE));
    if (layout.offset(Level.FMC) >= 0) {
      claims.put("fmc", level(Level.FMC));
    }
    return claims.build();
  }
}
