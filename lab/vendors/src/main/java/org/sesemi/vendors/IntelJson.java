package org.sesemi.vendors;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A JSON object whose members can be set to any text, valid or not, in the order of the first
 * setting. Not thread-safe.
 */
public final class IntelJson {

  private final Map<String, String> members = new LinkedHashMap<>();

  /** Begins with no members. */
  public IntelJson() {}

  /** Sets a member to JSON text as it is. */
  public IntelJson raw(String name, String json) {
    members.put(name, json);
    return this;
  }

  /** Sets a member to a text that needs no escapes. */
  public IntelJson text(String name, String text) {
    return raw(name, quoted(text));
  }

  /** Sets a member to a number. */
  public IntelJson number(String name, long number) {
    return raw(name, Long.toString(number));
  }

  /** Sets a member to an array of objects. */
  public IntelJson objects(String name, IntelJson... objects) {
    return raw(name, Arrays.toString(objects).replace(", {", ",{"));
  }

  /** Sets a member to an object. */
  public IntelJson object(String name, IntelJson object) {
    return raw(name, object.toString());
  }

  /** Leaves a member out. */
  public IntelJson without(String name) {
    members.remove(name);
    return this;
  }

  /** {@return the object without spaces} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    members.forEach(
        (name, value) -> {
          if (text.length() > 1) {
            text.append(',');
          }
          text.append(quoted(name)).append(':').append(value);
        });
    return text.append('}').toString();
  }

  /** {@return the level of a platform} */
  public static IntelJson platformLevel(
      String status, int pceSvn, int[] sgx, int[] tdx, String... advisories) {
    IntelJson tcb =
        new IntelJson().raw("sgxtcbcomponents", components(sgx)).number("pcesvn", pceSvn);
    if (tdx.length > 0) {
      tcb.raw("tdxtcbcomponents", components(tdx));
    }
    return level(tcb, status, advisories);
  }

  /** {@return the level of an enclave or a module} */
  public static IntelJson enclaveLevel(String status, int isvSvn, String... advisories) {
    return level(new IntelJson().number("isvsvn", isvSvn), status, advisories);
  }

  /** {@return a module identity; the name may be empty for the plain module} */
  public static IntelJson module(String id, IntelJson... levels) {
    IntelJson module = new IntelJson();
    if (!id.isEmpty()) {
      module.text("id", id);
    }
    module
        .text("mrsigner", "0".repeat(96))
        .text("attributes", "0".repeat(16))
        .text("attributesMask", "F".repeat(16));
    return levels.length == 0 ? module : module.objects("tcbLevels", levels);
  }

  private static IntelJson level(IntelJson tcb, String status, String... advisories) {
    IntelJson level =
        new IntelJson()
            .object("tcb", tcb)
            .text("tcbDate", "2024-11-13T00:00:00Z")
            .text("tcbStatus", status);
    if (advisories.length > 0) {
      level.raw(
          "advisoryIDs",
          Arrays.toString(Arrays.stream(advisories).map(IntelJson::quoted).toArray())
              .replace(", ", ","));
    }
    return level;
  }

  private static String components(int... versions) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < versions.length; i++) {
      text.append(i == 0 ? "" : ",").append("{\"svn\":").append(versions[i]).append('}');
    }
    return text.append(']').toString();
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
