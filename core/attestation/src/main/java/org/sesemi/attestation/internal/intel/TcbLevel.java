package org.sesemi.attestation.internal.intel;

import java.util.List;
import java.util.OptionalInt;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;

/**
 * One row of signed collateral: at least these security versions mean that status.
 *
 * @param floors what is demanded
 * @param date the level's date, as it is written
 * @param status what the level means
 * @param advisories what is known to be wrong at the level
 * @param <T> what kind of floors
 */
public record TcbLevel<T>(T floors, String date, TcbStatus status, List<String> advisories) {

  private static final int COMPONENTS = 16;

  /**
   * The floors of a platform.
   *
   * @param sgx the floors of the sixteen components that the PCK certificate has
   * @param pceSvn the floor of the certification enclave
   * @param tdx the floors of the sixteen components that a TD report has; zeros for SGX
   */
  public record Platform(Bytes sgx, int pceSvn, Bytes tdx) {}

  /** Copies the list. */
  public TcbLevel {
    advisories = List.copyOf(advisories);
  }

  /** Reads the level of a platform. */
  static TcbLevel<Platform> platform(JsonFields level, boolean tdx) {
    JsonFields tcb = level.object("tcb");
    return of(
        new Platform(
            components(tcb, "sgxtcbcomponents"),
            (int) tcb.integer("pcesvn", 0, 0xffff),
            tdx ? components(tcb, "tdxtcbcomponents") : Bytes.of(new byte[COMPONENTS])),
        level);
  }

  /** Reads the level of an enclave or a module, whose floor is one security version. */
  static TcbLevel<Integer> enclave(JsonFields level) {
    return of((int) level.object("tcb").integer("isvsvn", 0, 0xffff), level);
  }

  private static <T> TcbLevel<T> of(T floors, JsonFields level) {
    return new TcbLevel<>(
        floors,
        level.text("tcbDate"),
        TcbStatus.parse(level.text("tcbStatus")),
        level.has("advisoryIDs") ? level.texts("advisoryIDs") : List.of());
  }

  private static Bytes components(JsonFields tcb, String name) {
    List<JsonFields> items = tcb.objects(name);
    if (items.size() != COMPONENTS) {
      throw new Unreadable("a TCB level has not " + COMPONENTS + " " + name);
    }
    byte[] floors = new byte[COMPONENTS];
    for (int i = 0; i < COMPONENTS; i++) {
      floors[i] = (byte) items.get(i).integer("svn", 0, 255);
    }
    return Bytes.of(floors);
  }

  /** {@return the first component from an index on that is below its floor, if there is one} */
  static OptionalInt below(Bytes components, Bytes floors, int from) {
    for (int i = from; i < COMPONENTS; i++) {
      if (Octets.at(components, i) < Octets.at(floors, i)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
