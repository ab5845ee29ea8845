package org.sesemi.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.wire.VectorFile.Case;
import org.sesemi.wire.VectorFile.Refused;

/** Vectors of the CBOR profile and of frames. */
final class CborVectors {

  /** Name, bytes and code of what the profile refuses. */
  private static final String[][] REFUSED = {
    {"nothing", "", "cbor.malformed"},
    {"a byte after the end", "0000", "cbor.malformed"},
    {"a head longer than needed, one byte", "1817", "cbor.not-deterministic"},
    {"a head longer than needed, two bytes", "1900ff", "cbor.not-deterministic"},
    {"a head longer than needed, four bytes", "1a0000ffff", "cbor.not-deterministic"},
    {"a head longer than needed, eight bytes", "1b00000000ffffffff", "cbor.not-deterministic"},
    {"a length with a long head", "580161", "cbor.not-deterministic"},
    {"an integer of 64 bits", "1b8000000000000000", "cbor.malformed"},
    {"a negative integer of 64 bits", "3b8000000000000000", "cbor.malformed"},
    {"a byte string without length", "5f41004100ff", "cbor.not-deterministic"},
    {"an array without length", "9fff", "cbor.not-deterministic"},
    {"a map without length", "bfff", "cbor.not-deterministic"},
    {"a break", "ff", "cbor.malformed"},
    {"a reserved head", "1c", "cbor.malformed"},
    {"a tag", "c000", "cbor.malformed"},
    {"null", "f6", "cbor.malformed"},
    {"undefined", "f7", "cbor.malformed"},
    {"a half float", "f93c00", "cbor.malformed"},
    {"a double float", "fb3ff0000000000000", "cbor.malformed"},
    {"a text that is not UTF-8", "61ff", "cbor.malformed"},
    {"a text with a surrogate", "63eda080", "cbor.malformed"},
    {"a cut byte string", "420a", "cbor.malformed"},
    {"an array that announces too much", "9b7fffffffffffffff", "cbor.malformed"},
    {"keys out of order", "a201000000", "cbor.not-deterministic"},
    {"a key twice", "a201000100", "cbor.not-deterministic"},
    {"a longer text key first", "a262616100616200", "cbor.not-deterministic"},
    {"a negative key", "a12000", "cbor.unexpected"},
    {"a byte string as key", "a1410000", "cbor.unexpected"},
    {"seventeen levels", "81".repeat(17), "cbor.too-deep"},
  };

  private CborVectors() {}

  static List<VectorFile> all() {
    return List.of(cbor(), messages(), frames());
  }

  private static VectorFile cbor() {
    List<Case> cases = new ArrayList<>();
    for (long value :
        new long[] {
          0,
          23,
          24,
          255,
          256,
          65_535,
          65_536,
          4_294_967_295L,
          4_294_967_296L,
          Long.MAX_VALUE,
          -1,
          -24,
          -25,
          -256,
          -257,
          Long.MIN_VALUE
        }) {
      cases.add(accepted("integer " + value, new CborValue.Int(value)));
    }
    cases.add(accepted("false", new CborValue.Bool(false)));
    cases.add(accepted("true", new CborValue.Bool(true)));
    cases.add(accepted("no bytes", bytes("")));
    cases.add(accepted("24 bytes", bytes("ab".repeat(24))));
    cases.add(accepted("a text", new CborValue.Text("Größe \ud83d\ude00")));
    cases.add(accepted("an empty array", new CborValue.Array(List.of())));
    cases.add(
        accepted(
            "an array in an array",
            new CborValue.Array(
                List.of(new CborValue.Int(1), new CborValue.Array(List.of(bytes("00")))))));
    Map<CborValue.Key, CborValue> keys = new TreeMap<>();
    keys.put(new CborValue.Text("b"), new CborValue.Int(5));
    keys.put(new CborValue.Text("aa"), new CborValue.Int(6));
    keys.put(new CborValue.Int(256), new CborValue.Int(4));
    keys.put(new CborValue.Int(24), new CborValue.Int(3));
    keys.put(new CborValue.Int(0), new CborValue.Int(1));
    keys.put(new CborValue.Int(23), new CborValue.Int(2));
    cases.add(accepted("the order of keys", new CborValue.Map(new TreeMap<>(keys))));
    List<Refused> refused = new ArrayList<>();
    for (String[] one : REFUSED) {
      refused.add(new Refused(one[0], none(), Bytes.parse(one[1]), one[2]));
    }
    return new VectorFile(
        "cbor", "cbor", cases, refused, (_, bytes) -> wrapped(Cbor.decode(bytes)));
  }

  private static CborValue bytes(String hex) {
    return new CborValue.ByteString(Bytes.parse(hex).toBuffer());
  }

  private static Case accepted(String name, CborValue value) {
    return new Case(name, none(), wrapped(value), none(), Bytes.of(Cbor.encode(value)));
  }

  private static JsonObject wrapped(CborValue value) {
    return JsonObject.builder().put("value", diagnostic(value)).build();
  }

  /** What every message of the project adds to the profile: a map with a known version. */
  private static VectorFile messages() {
    Bytes good = Bytes.parse("a2000101182a");
    return new VectorFile(
        "messages",
        "messages",
        List.of(
            new Case(
                "a message with one field",
                none(),
                JsonObject.builder().put("1", 42).build(),
                none(),
                Bytes.of(CborMap.versioned().put(1, 42).build().encode()))),
        List.of(
            new Refused("format version 0", none(), Bytes.parse("a2000001182a"), VERSION),
            new Refused("format version 2", none(), Bytes.parse("a2000201182a"), VERSION),
            new Refused("no format version", none(), Bytes.parse("a101182a"), "cbor.missing"),
            new Refused("a field missing", none(), Bytes.parse("a10001"), "cbor.missing"),
            new Refused("a field too many", none(), Bytes.parse("a3000101182a0200"), UNKNOWN_KEY),
            new Refused("a field of another type", none(), Bytes.parse("a200010140"), UNEXPECTED),
            new Refused("a field out of range", none(), Bytes.parse("a20001011864"), UNEXPECTED),
            new Refused("an array", none(), Bytes.parse("8101"), UNEXPECTED),
            new Refused(
                "a byte after the end", none(), Bytes.parse(good + "00"), "cbor.malformed")),
        (_, bytes) -> {
          CborReader reader = CborReader.versioned(bytes);
          long value = reader.integer(1, 0, 99);
          reader.finish();
          return JsonObject.builder().put("1", value).build();
        });
  }

  private static final String VERSION = "version.unknown";
  private static final String UNEXPECTED = "cbor.unexpected";
  private static final String UNKNOWN_KEY = "cbor.unknown-key";

  private static VectorFile frames() {
    JsonObject limit = JsonObject.builder().put("maxLength", 300).build();
    List<Case> cases = new ArrayList<>();
    cases.add(frames("no frame", limit));
    cases.add(frames("an empty frame", limit, Bytes.empty()));
    cases.add(frames("two frames", limit, Bytes.parse("00"), Bytes.parse("ff01")));
    cases.add(frames("a frame of 300 bytes", limit, Bytes.parse("5a".repeat(300))));
    return new VectorFile(
        "frames",
        "frames",
        cases,
        List.of(
            new Refused("cut in its length", limit, Bytes.parse("000000"), "frame.cut"),
            new Refused("cut in its message", limit, Bytes.parse("0000000200"), "frame.cut"),
            new Refused("longer than allowed", limit, Bytes.parse("0000012d"), "frame.too-large"),
            new Refused("of 4 GiB", limit, Bytes.parse("ffffffff"), "frame.too-large")),
        CborVectors::readFrames);
  }

  private static Case frames(String name, JsonObject limit, Bytes... messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (Bytes message : messages) {
        Frames.write(out, message.toArray());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    byte[] encoded = out.toByteArray();
    JsonObject fields =
        JsonObject.builder()
            .put(
                "messages",
                List.of(messages).stream().map(message -> new JsonString(message.hex())).toList())
            .build();
    return new Case(name, limit, fields, none(), Bytes.of(encoded));
  }

  private static JsonObject readFrames(JsonFields given, byte[] encoded) {
    ByteArrayInputStream in = new ByteArrayInputStream(encoded);
    List<JsonValue> messages = new ArrayList<>();
    int maxLength = (int) given.integer("maxLength", 0, 1 << 20);
    try {
      Optional<byte[]> message = Frames.read(in, maxLength);
      while (message.isPresent()) {
        messages.add(new JsonString(Bytes.of(message.get()).hex()));
        message = Frames.read(in, maxLength);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return JsonObject.builder().put("messages", messages).build();
  }

  static JsonObject none() {
    return JsonObject.builder().build();
  }

  /**
   * Shows CBOR as JSON: byte strings as objects with the one member {@code bytes}, keys that are
   * texts in quotes.
   */
  static JsonValue diagnostic(CborValue value) {
    return switch (value) {
      case CborValue.Int(long integer) -> JsonNumber.of(integer);
      case CborValue.ByteString string ->
          JsonObject.builder().put("bytes", Bytes.of(string.content()).hex()).build();
      case CborValue.Text(String text) -> new JsonString(text);
      case CborValue.Bool(boolean bool) -> new JsonBool(bool);
      case CborValue.Array(List<CborValue> items) ->
          new JsonArray(items.stream().map(CborVectors::diagnostic).toList());
      case CborValue.Map(var entries) -> {
        JsonObject.Builder object = JsonObject.builder();
        entries.forEach(
            (key, item) ->
                object.put(
                    switch (key) {
                      case CborValue.Int(long integer) -> Long.toString(integer);
                      case CborValue.Text(String text) -> '"' + text + '"';
                    },
                    diagnostic(item)));
        yield object.build();
      }
    };
  }
}
