package org.sesemi.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.sesemi.wire.VectorFile.Case;
import org.sesemi.wire.VectorFile.Refused;

/** Vectors of identifiers, version rules and isolation levels: their texts. */
final class IdentifierVectors {

  private static final PartyId PARTY =
      PartyId.ofPublicKey(
          Bytes.parse("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
              .toArray());
  private static final String[] BAD_MODELS = {
    "forest",
    "/forest",
    "ab/forest",
    PARTY.hex() + "/",
    PARTY.hex() + "/Forest",
    PARTY.hex() + "/.x",
    PARTY.hex() + "/a/b",
    PARTY.hex() + "/" + "a".repeat(64)
  };
  private static final String[] BAD_RULES = {
    "", "Current", "=0", "=01", "=-1", "= 1", ">1", ">=", "1", "=1000000000000000000"
  };

  private IdentifierVectors() {}

  static List<VectorFile> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(text("party-id", PARTY.hex()));
    cases.add(text("model-id", PARTY.hex() + "/wdbc-forest"));
    cases.add(text("model-id", PARTY.hex() + "/" + "0".repeat(63)));
    for (String rule : List.of("current", "=1", "=3", ">=3", "=999999999999999999")) {
      cases.add(text("version-rule", rule));
    }
    for (IsolationLevel level : IsolationLevel.values()) {
      cases.add(text("isolation", level.text()));
    }
    cases.add(text("package-location", PARTY.hex() + "/wdbc-forest/3.sealed"));
    cases.add(text("user-position", PARTY.hex()));
    cases.add(text("user-position", "anyone-authenticated"));
    List<Refused> refused = new ArrayList<>();
    refused.add(refuse("party-id", PARTY.hex().toUpperCase(java.util.Locale.ROOT)));
    refused.add(refuse("party-id", PARTY.hex().substring(2)));
    for (String model : BAD_MODELS) {
      refused.add(refuse("model-id", model));
    }
    for (String rule : BAD_RULES) {
      refused.add(refuse("version-rule", rule));
    }
    refused.add(refuse("isolation", "Shared"));
    refused.add(refuse("package-location", PARTY.hex() + "/wdbc-forest/0.sealed"));
    refused.add(refuse("package-location", PARTY.hex() + "/../3.sealed"));
    return List.of(
        new VectorFile("identifiers", "identifiers", cases, refused, IdentifierVectors::describe));
  }

  private static JsonObject given(String type) {
    return JsonObject.builder().put("type", type).build();
  }

  private static Case text(String type, String text) {
    byte[] encoded = text.getBytes(UTF_8);
    return new Case(
        type + " " + text,
        given(type),
        describe(JsonFields.of(given(type)), encoded),
        CborVectors.none(),
        Bytes.of(encoded));
  }

  private static Refused refuse(String type, String text) {
    return new Refused(
        type + " '" + text + "'", given(type), Bytes.of(text.getBytes(UTF_8)), "id.malformed");
  }

  private static JsonObject describe(JsonFields given, byte[] encoded) {
    String text = new String(encoded, UTF_8);
    JsonObject.Builder object = JsonObject.builder();
    switch (given.text("type")) {
      case "party-id" -> object.put("text", PartyId.parse(text).toString());
      case "model-id" -> {
        ModelId model = ModelId.parse(text);
        object
            .put("text", model.text())
            .put("owner", model.owner().hex())
            .put("name", model.name());
      }
      case "version-rule" -> {
        VersionRule rule = VersionRule.parse(text);
        object
            .put("text", rule.text())
            .put("acceptsThreeOfThree", rule.accepts(3, 3))
            .put("acceptsThreeOfFour", rule.accepts(3, 4))
            .put("acceptsFourOfThree", rule.accepts(4, 3));
      }
      case "isolation" -> {
        IsolationLevel level = IsolationLevel.parse(text);
        object
            .put("text", level.text())
            .put(
                "strictestWithSequential",
                IsolationLevel.strictest(level, IsolationLevel.SEQUENTIAL).text());
      }
      case "package-location" -> {
        PackageLocation location = PackageLocation.parse(text);
        object
            .put("text", location.path())
            .put("model", location.model().text())
            .put("version", location.version());
      }
      case "user-position" -> object.put("text", UserPosition.parse(text).text());
      default -> throw new AssertionError("no such type");
    }
    return object.build();
  }
}
