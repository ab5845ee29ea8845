package org.sesemi.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.sesemi.wire.VectorFile.Case;
import org.sesemi.wire.VectorFile.Refused;

/** Vectors of the messages of platform, enclave pipe and key service. */
final class MessageVectors {

  private MessageVectors() {}

  /** A message of any of these protocols. */
  private record Message(Object value, Bytes encoded, Function<byte[], Object> decode) {}

  static List<VectorFile> all() {
    Map<String, Message> platform = new TreeMap<>();
    Map<String, Message> pipe = new TreeMap<>();
    for (PlatformMessagesTest.Case one : PlatformMessagesTest.cases()) {
      Message message = new Message(one.value(), one.encoded(), one.decode());
      switch (one.value()) {
        case PlatformFrame(long _, PlatformMessage sent) -> platform.put(name(sent), message);
        case EnclaveFrame(long _, EnclaveMessage sent) -> pipe.put(name(sent), message);
        default -> throw new AssertionError(one.value());
      }
    }
    Map<String, Message> service = new TreeMap<>();
    KeyServiceMessagesTest.cases()
        .forEach(
            (number, one) ->
                service.put(
                    service.containsKey(name(one.value()))
                        ? name(one.value()) + ", case " + number.substring(0, number.indexOf(' '))
                        : name(one.value()),
                    new Message(one.value(), one.encoded(), one.decode())));
    return List.of(
        file("platform-messages", "platform-messages", platform),
        file("enclave-messages", "enclave-pipe", pipe),
        file("key-service-messages", "key-service-messages", service));
  }

  private static String name(Object value) {
    return value.getClass().getSimpleName();
  }

  private static VectorFile file(String name, String section, Map<String, Message> messages) {
    List<Case> cases = new ArrayList<>();
    List<Refused> refused = new ArrayList<>();
    messages.forEach(
        (kind, message) -> {
          JsonObject given = JsonObject.builder().put("message", kind).build();
          cases.add(
              new Case(
                  kind,
                  given,
                  describe(message.value(), message.encoded()),
                  CborVectors.none(),
                  message.encoded()));
          byte[] changed = message.encoded().toArray();
          changed[2] = 2;
          refused.add(
              new Refused(
                  kind + " of format version 2", given, Bytes.of(changed), "version.unknown"));
        });
    return new VectorFile(
        name,
        section,
        cases,
        refused,
        (given, bytes) -> {
          Message expected = messages.get(given.text("message"));
          if (expected == null) {
            throw new AssertionError("the file names a message that the code does not have");
          }
          return describe(expected.decode().apply(bytes), Bytes.of(bytes));
        });
  }

  /** What was read, by its names and by its keys. */
  private static JsonObject describe(Object read, Bytes encoded) {
    return JsonObject.builder()
        .put("reads", read.toString())
        .put("keys", CborVectors.diagnostic(Cbor.decode(encoded.toArray())))
        .build();
  }
}
