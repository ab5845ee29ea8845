package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * One message on the pipe between an enclave and its platform, with the number that pairs an answer
 * with its question.
 *
 * @param exchange a number that the enclave chooses for a question and the platform repeats in its
 *     answer; 0 for messages without an answer
 * @param message the message
 */
public record EnclaveFrame(long exchange, EnclaveMessage message) {

  /** Checks that questions and answers, and they alone, have a number. */
  public EnclaveFrame {
    boolean numbered =
        switch (requireNonNull(message, "message")) {
          case EnclaveMessage.Question _, EnclaveMessage.Answer _ -> true;
          case EnclaveMessage.Hello _, EnclaveMessage.Ready _, EnclaveMessage.Shutdown _ -> false;
        };
    PlatformChecks.require(
        numbered ? exchange > 0 : exchange == 0, "only questions and answers have a number");
  }

  /** {@return the encoding} That of a sealing key holds the key: wipe it after use. */
  public byte[] encode() {
    CborMap.Builder map = CborMap.versioned().put(1, kind(message)).put(2, exchange);
    if (message instanceof EnclaveMessage.SealingKey(SecretField key)) {
      byte[] copy = key.exposedCopy();
      try {
        return map.put(3, copy).build().encode();
      } finally {
        Arrays.fill(copy, (byte) 0);
      }
    }
    CborMap.Builder filled =
        switch (message) {
          case EnclaveMessage.Hello hello ->
              map.put(3, hello.platform())
                  .put(4, hello.launchId().value())
                  .put(5, hello.measurement())
                  .put(6, hello.configDigest())
                  .put(7, hello.platformRoot())
                  .put(8, hello.config())
                  .putTextMap(9, hello.parameters());
          case EnclaveMessage.Attest(Bytes reportData) -> map.put(3, reportData);
          case EnclaveMessage.Quote(Bytes evidence) -> map.put(3, evidence);
          case EnclaveMessage.AskSealingKey() -> map;
          case EnclaveMessage.SealingKey _ -> throw new AssertionError("written above");
          case EnclaveMessage.ReadCounter(String name) -> map.put(3, name);
          case EnclaveMessage.AdvanceCounter(String name, long from) ->
              map.put(3, name).put(4, from);
          case EnclaveMessage.Counter(long value) -> map.put(3, value);
          case EnclaveMessage.Failed(PlatformFailure failure) -> failure.write(map, 3);
          case EnclaveMessage.Ready ready -> map.putTextMap(3, ready.values());
          case EnclaveMessage.Shutdown() -> map;
        };
    return filled.build().encode();
  }

  /**
   * Reads a frame.
   *
   * @param bytes the encoding; not kept, so that the caller can wipe it
   * @return what was read
   * @throws WireException when the bytes are not the one encoding of a message
   */
  public static EnclaveFrame decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    String kind = reader.text(1, 16);
    long exchange = reader.integer(2, 0, Long.MAX_VALUE);
    EnclaveMessage message =
        switch (kind) {
          case "hello" ->
              new EnclaveMessage.Hello(
                  reader.text(3, 32),
                  new LaunchId(reader.byteString(4, LaunchId.LENGTH)),
                  reader.digest(5),
                  reader.digest(6),
                  reader.byteString(7, 32),
                  Bytes.of(reader.slice(8, 0, PlatformMessage.MAX_CONFIG_LENGTH)),
                  reader.textMap(
                      9, PlatformMessage.MAX_PARAMETERS, PlatformMessage.MAX_PARAMETER_LENGTH));
          case "attest" ->
              new EnclaveMessage.Attest(reader.byteString(3, EnclaveMessage.REPORT_DATA_LENGTH));
          case "quote" ->
              new EnclaveMessage.Quote(
                  Bytes.of(reader.slice(3, 1, EnclaveMessage.MAX_EVIDENCE_LENGTH)));
          case "ask-sealing-key" -> new EnclaveMessage.AskSealingKey();
          case "sealing-key" -> new EnclaveMessage.SealingKey(OperationCodec.secret(reader, 3));
          case "read-counter" -> new EnclaveMessage.ReadCounter(reader.text(3, 128));
          case "advance-counter" ->
              new EnclaveMessage.AdvanceCounter(
                  reader.text(3, 128), reader.integer(4, 0, Long.MAX_VALUE));
          case "counter" -> new EnclaveMessage.Counter(reader.integer(3, 0, Long.MAX_VALUE));
          case "failed" -> new EnclaveMessage.Failed(PlatformFailure.read(reader, 3));
          case "ready" ->
              new EnclaveMessage.Ready(
                  reader.textMap(
                      3, PlatformMessage.MAX_PARAMETERS, PlatformMessage.MAX_PARAMETER_LENGTH));
          case "shutdown" -> new EnclaveMessage.Shutdown();
          default ->
              throw new WireException(
                  WireException.Code.CBOR_UNEXPECTED, "no known message of an enclave's pipe");
        };
    reader.finish();
    return new EnclaveFrame(exchange, message);
  }

  private static String kind(EnclaveMessage message) {
    return switch (message) {
      case EnclaveMessage.Hello _ -> "hello";
      case EnclaveMessage.Attest _ -> "attest";
      case EnclaveMessage.Quote _ -> "quote";
      case EnclaveMessage.AskSealingKey _ -> "ask-sealing-key";
      case EnclaveMessage.SealingKey _ -> "sealing-key";
      case EnclaveMessage.ReadCounter _ -> "read-counter";
      case EnclaveMessage.AdvanceCounter _ -> "advance-counter";
      case EnclaveMessage.Counter _ -> "counter";
      case EnclaveMessage.Failed _ -> "failed";
      case EnclaveMessage.Ready _ -> "ready";
      case EnclaveMessage.Shutdown _ -> "shutdown";
    };
  }
}
