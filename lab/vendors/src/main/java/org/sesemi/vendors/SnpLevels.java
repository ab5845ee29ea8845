package org.sesemi.vendors;

/**
 * Security levels of an AMD machine, each from 0 to 255.
 *
 * @param fmc of the secure processor's controller; written for Turin only
 * @param bootloader of the boot loader
 * @param tee of the secure processor's operating system
 * @param snp of the SNP firmware
 * @param microcode of the cores
 */
public record SnpLevels(int fmc, int bootloader, int tee, int snp, int microcode) {

  /** {@return the levels as TCB_VERSION of a product line} */
  public byte[] bytes(String line) {
    return line.equals("Turin")
        ? new byte[] {
          (byte) fmc, (byte) bootloader, (byte) tee, (byte) snp, 0, 0, 0, (byte) microcode
        }
        : new byte[] {(byte) bootloader, (byte) tee, 0, 0, 0, 0, (byte) snp, (byte) microcode};
  }
}
