package org.sesemi.attestation.internal.intel;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * Intel's TCB info of version 3: the levels of a family of platforms and, for TDX, the modules that
 * may run there. Format: Intel Provisioning Certification Service API, version 4.
 *
 * @param issued from when it is valid
 * @param nextUpdate until when
 * @param fmspc the family
 * @param pceId the certification enclave
 * @param evaluationNumber how recent the evaluation is
 * @param plainModule the module of version 0, which the levels judge (TDX)
 * @param modules the modules of later versions, which have levels of their own (TDX)
 * @param levels the levels, highest first
 */
public record TcbInfo(
    Instant issued,
    Instant nextUpdate,
    Bytes fmspc,
    Bytes pceId,
    long evaluationNumber,
    Optional<Module> plainModule,
    List<Module> modules,
    List<TcbLevel<TcbLevel.Platform>> levels) {

  /**
   * A TDX module as Intel describes it.
   *
   * @param id its name, for example {@code TDX_01}
   * @param mrSigner its signer
   * @param attributes what its attributes must be
   * @param mask which of them count
   * @param levels its levels, highest first
   */
  public record Module(
      String id, Bytes mrSigner, Bytes attributes, Bytes mask, List<TcbLevel<Integer>> levels) {

    /** Copies the list. */
    public Module {
      levels = List.copyOf(levels);
    }

    /** {@return whether a domain runs under this module} */
    boolean describes(TdReport domain) {
      return mrSigner.equals(domain.mrSignerSeam())
          && attributes.equals(Octets.masked(domain.seamAttributes(), mask));
    }

    private static Module of(String id, JsonFields fields, boolean withLevels) {
      return new Module(
          id,
          Octets.hex(fields.text("mrsigner"), 48, "a module's mrsigner"),
          Octets.hex(fields.text("attributes"), 8, "a module's attributes"),
          Octets.hex(fields.text("attributesMask"), 8, "a module's attributesMask"),
          withLevels
              ? fields.objects("tcbLevels").stream().map(TcbLevel::enclave).toList()
              : List.of());
    }
  }

  private static final int VERSION = 3;

  /** Copies the lists. */
  public TcbInfo {
    modules = List.copyOf(modules);
    levels = List.copyOf(levels);
  }

  /**
   * Reads a signed value.
   *
   * @throws Unreadable when it is another kind, version or form
   */
  static TcbInfo parse(SignedJson json, boolean tdx) {
    try {
      JsonFields fields = json.fields("tcbInfo");
      require(fields, "id", tdx ? "TDX" : "SGX");
      fields.integer("version", VERSION, VERSION);
      fields.integer("tcbType", 0, 0);
      return new TcbInfo(
          instant(fields.text("issueDate")),
          instant(fields.text("nextUpdate")),
          Octets.hex(fields.text("fmspc"), 6, "fmspc"),
          Octets.hex(fields.text("pceId"), 2, "pceId"),
          fields.integer("tcbEvaluationDataNumber", 0, Integer.MAX_VALUE),
          tdx
              ? Optional.of(Module.of("tdxModule", fields.object("tdxModule"), false))
              : Optional.empty(),
          tdx && fields.has("tdxModuleIdentities")
              ? fields.objects("tdxModuleIdentities").stream()
                  .map(module -> Module.of(module.text("id"), module, true))
                  .toList()
              : List.of(),
          fields.objects("tcbLevels").stream()
              .map(level -> TcbLevel.platform(level, tdx))
              .toList());
    } catch (WireException e) {
      throw new Unreadable(e.detail());
    }
  }

  /** {@return the module of a version, if Intel describes it} */
  Optional<Module> module(int version) {
    if (version == 0) {
      return plainModule;
    }
    String id = moduleName(version);
    return modules.stream().filter(module -> module.id().equals(id)).findFirst();
  }

  /** {@return the name of the modules of a version} */
  static String moduleName(int version) {
    return String.format(Locale.ROOT, "TDX_%02X", version);
  }

  /** Refuses another kind of document. */
  static void require(JsonFields fields, String name, String expected) {
    if (!fields.text(name).equals(expected)) {
      throw new Unreadable("the field " + name + " is not " + expected);
    }
  }

  /** Reads an instant of the service. */
  static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Unreadable("a date is not an instant of ISO 8601");
    }
  }
}
