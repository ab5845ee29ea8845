package org.sesemi.attestation.internal.tpm;

import java.util.ArrayList;
import java.util.List;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;

/**
 * Registers of one bank (TPMS_PCR_SELECTION).
 *
 * @param hash the identifier of the bank's hash algorithm, known or not
 * @param registers the registers, ascending, each once
 */
public record PcrSelection(int hash, List<Integer> registers) {

  private static final int MAX_BANKS = 16;
  private static final int MAX_BITMAP = 4;

  /** Checks the order. */
  public PcrSelection {
    registers = List.copyOf(registers);
    int before = -1;
    for (int register : registers) {
      if (register <= before || register >= 8 * MAX_BITMAP) {
        throw new IllegalArgumentException("registers are not ascending, or too high");
      }
      before = register;
    }
  }

  /** Reads a list of selections (TPML_PCR_SELECTION). */
  static List<PcrSelection> readList(ByteInput in, String what) {
    long count = in.u32();
    if (count > MAX_BANKS) {
      throw new Unreadable(what + " selects registers of more than " + MAX_BANKS + " banks");
    }
    List<PcrSelection> selections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int hash = in.u16();
      int size = in.u8();
      if (size > MAX_BITMAP) {
        throw new Unreadable(what + " has a register bitmap of more than " + MAX_BITMAP + " bytes");
      }
      byte[] bitmap = in.bytes(size);
      List<Integer> registers = new ArrayList<>();
      for (int register = 0; register < 8 * size; register++) {
        if (((bitmap[register / 8] >>> (register % 8)) & 1) != 0) {
          registers.add(register);
        }
      }
      selections.add(new PcrSelection(hash, registers));
    }
    return List.copyOf(selections);
  }

  /** Writes a list of selections, each with the three bytes that every TPM takes. */
  static void writeList(TpmWriter out, List<PcrSelection> selections) {
    out.u32(selections.size());
    for (PcrSelection selection : selections) {
      byte[] bitmap = new byte[3];
      for (int register : selection.registers) {
        bitmap[register / 8] |= (byte) (1 << (register % 8));
      }
      out.u16(selection.hash).u8(bitmap.length).bytes(bitmap);
    }
  }

  /** {@return the selection for people, for example {@code SHA-256: 0,1,7}} */
  public String text() {
    return TpmAlg.name(hash)
        + ": "
        + String.join(",", registers.stream().map(String::valueOf).toList());
  }
}
