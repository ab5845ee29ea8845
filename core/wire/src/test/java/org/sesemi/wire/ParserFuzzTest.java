package org.sesemi.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

/**
 * Every parser of this module under bytes that nobody would send: it reads them or fails with a
 * {@link CodedException}, and never asks for memory because a length says so. The memory of a test
 * JVM is small, so that one announced length that was believed ends it.
 */
class ParserFuzzTest {

  private static final List<String> WORDS =
      List.of(
          "inputs",
          "outputs",
          "name",
          "shape",
          "datatype",
          "data",
          "parameters",
          "binary_data_size",
          "binary_data_output",
          "binary_data",
          "quoted_non_finite",
          "id",
          "model_name",
          "model_version",
          "versions",
          "platform",
          "status",
          "code",
          "category",
          "title",
          "detail",
          "hint",
          "request_id",
          "FP32",
          "INT64",
          "BYTES",
          "BOOL",
          "FP16",
          "invalid",
          "NaN",
          "\u0000",
          "\ud83d\ude00",
          "");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "-1",
          "2",
          "3",
          "400",
          "2147483647",
          "2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "1e999",
          "1e-999",
          "0.1",
          "1E2",
          "1e2147483648",
          "-1e-2147483649");

  /** Good messages and bad ones of every format. */
  private static final List<Bytes> SEEDS = seeds();

  /** Heads of CBOR that announce the most that they can. */
  private static final List<String> ANNOUNCING =
      List.of(
          "5a7fffffff",
          "5affffffff",
          "5b7fffffffffffffff",
          "7b7fffffffffffffff",
          "9a7fffffff",
          "9b7fffffffffffffff",
          "ba7fffffff",
          "bb7fffffffffffffff",
          "9a0003ffff",
          "ba0003ffff",
          "ffffffff",
          "7fffffff");

  /** A parser that takes bytes. */
  record Parser(String name, Consumer<byte[]> parse) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Parser> parsers() {
    return Stream.of(
        new Parser("cbor", Cbor::decode),
        new Parser("message", CborReader::versioned),
        new Parser("json", Json::parse),
        new Parser("problem", Problem::decode),
        new Parser("foreign answer", bytes -> Problem.ofAnswer(502, bytes)),
        new Parser(
            "request frame",
            bytes -> EnvelopeFrame.decode(EnvelopeFrame.Kind.REQUEST, ByteBuffer.wrap(bytes))),
        new Parser(
            "response frame",
            bytes -> EnvelopeFrame.decode(EnvelopeFrame.Kind.RESPONSE, ByteBuffer.wrap(bytes))),
        new Parser("request header", bytes -> SealedRequestHeader.decode(ByteBuffer.wrap(bytes))),
        new Parser("envelope", bytes -> SealedRequestHeader.ofEnvelope(ByteBuffer.wrap(bytes))),
        new Parser("oip request", bytes -> bodies(bytes, OipCodec::decodeRequest)),
        new Parser("oip response", bytes -> bodies(bytes, OipCodec::decodeResponse)),
        new Parser("oip metadata", bytes -> bodies(bytes, OipCodec::decodeMetadata)),
        new Parser("platform", PlatformFrame::decode),
        new Parser("enclave", EnclaveFrame::decode),
        new Parser("statement", Statement::decode),
        new Parser("answer", OperationAnswer::decode),
        new Parser("provision", Provision::decode),
        new Parser("provisioned", Provisioned::decode),
        new Parser("cluster", ClusterStatus::decode),
        new Parser("claims", RuntimeClaims::decode),
        new Parser("audit", AuditEntry::decode),
        new Parser(
            "operation",
            bytes ->
                Stream.of("publish-model", "put-model-key", "grant", "put-request-key", "none")
                    .forEach(name -> coded(() -> Operation.decode(name, bytes)))),
        new Parser(
            "texts",
            bytes -> {
              String text = new String(bytes, UTF_8);
              coded(() -> Digest.parse(text));
              coded(() -> PartyId.parse(text));
              coded(() -> ModelId.parse(text));
              coded(() -> VersionRule.parse(text));
              coded(() -> UserPosition.parse(text));
              coded(() -> IsolationLevel.parse(text));
              coded(() -> PackageLocation.parse(text));
              coded(() -> RequestId.parse(text));
            }),
        new Parser(
            "frames",
            bytes -> {
              try {
                Frames.read(new ByteArrayInputStream(bytes), 1 << 16);
              } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
              }
            }));
  }

  /** A body with each length of its JSON header that makes a difference. */
  private static void bodies(byte[] bytes, Consumer<OipBody> decode) {
    for (int headerLength : new int[] {-2, -1, 0, 1, bytes.length / 2, bytes.length, 1 << 30}) {
      coded(() -> decode.accept(new OipBody(ByteBuffer.wrap(bytes), headerLength)));
    }
  }

  private static void coded(Runnable parsing) {
    try {
      parsing.run();
    } catch (CodedException refused) {
      assertThat(refused.code()).matches("[a-z0-9-]+(\\.[a-z0-9-]+)+");
    }
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void noiseIsReadOrRefusedWithACode(Parser parser) {
    Property.check(
        parser + " under noise",
        500,
        random -> {
          byte[] noise = Drawn.bytes(random, 64);
          coded(() -> parser.parse.accept(noise));
        });
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void documentsOfTheRightWordsAreReadOrRefusedWithACode(Parser parser) {
    Property.check(
        parser + " under documents of the right words",
        500,
        random -> {
          byte[] json = json(random, 5).getBytes(UTF_8);
          byte[] cbor = Cbor.encode(message(random));
          coded(() -> parser.parse.accept(json));
          coded(() -> parser.parse.accept(cbor));
        });
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void changedMessagesAreReadOrRefusedWithACode(Parser parser) {
    Property.check(
        parser + " under changed messages",
        500,
        random -> {
          byte[] seed = SEEDS.get(random.nextInt(SEEDS.size())).toArray();
          byte[] changed = Drawn.mutate(random, seed);
          coded(() -> parser.parse.accept(changed));
          byte[] announcing = announce(random, seed);
          coded(() -> parser.parse.accept(announcing));
        });
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void everyCutOfEveryMessageIsReadOrRefusedWithACode(Parser parser) {
    for (Bytes seed : SEEDS) {
      if (seed.length() <= 60) {
        Mutation.cuts(seed.toArray())
            .forEach(mutation -> coded(() -> parser.parse.accept(mutation.bytes())));
      }
    }
  }

  /** A model's description comes from its owner: no dimension of it may break a request. */
  @Test
  void requestsAreReadOrRefusedWithACodeWhateverTheModelSaysOfItself() {
    List<Datatype> datatypes = List.of(Datatype.values());
    long[] dimensions = {-1, 0, 1, 2, 3, 65_536, 1L << 31, 1L << 40, Long.MAX_VALUE};
    Property.check(
        "models of any shape",
        3000,
        random -> {
          List<Long> shape = new ArrayList<>();
          for (int i = random.nextInt(6); i > 0; i--) {
            shape.add(dimensions[random.nextInt(dimensions.length)]);
          }
          Datatype datatype = datatypes.get(random.nextInt(datatypes.size()));
          ModelMetadata model =
              new ModelMetadata(
                  "m",
                  List.of("1"),
                  "p",
                  List.of(new TensorMetadata("X", datatype, shape)),
                  List.of());
          byte[] body = Drawn.bytes(random, 64);
          coded(() -> OipCodec.decodeRequest(new OipBody(ByteBuffer.wrap(body), 0), model));
        });
  }

  private static List<Bytes> seeds() {
    return Stream.of(
            CborVectors.all(), IdentifierVectors.all(), OipVectors.all(), MessageVectors.all())
        .flatMap(files -> files.stream())
        .flatMap(
            file ->
                Stream.concat(
                    file.cases().stream().map(VectorFile.Case::encoded),
                    file.refused().stream().map(VectorFile.Refused::encoded)))
        .toList();
  }

  /** Puts a length that promises much over some place of a message. */
  private static byte[] announce(RandomGenerator random, byte[] seed) {
    byte[] head = Bytes.parse(ANNOUNCING.get(random.nextInt(ANNOUNCING.size()))).toArray();
    byte[] changed = seed.clone();
    if (changed.length > 0) {
      int at = random.nextInt(changed.length);
      System.arraycopy(head, 0, changed, at, Math.min(head.length, changed.length - at));
    }
    return changed;
  }

  private static String json(RandomGenerator random, int depth) {
    int kind = random.nextInt(depth == 0 ? 4 : 10);
    return switch (kind) {
      case 0 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 1 -> word(random);
      case 2 -> random.nextBoolean() ? "true" : "false";
      case 3 -> random.nextInt(8) == 0 ? "null" : "[]";
      case 4, 5, 6 -> items(random, () -> json(random, depth - 1), "[", "]");
      default -> items(random, () -> word(random) + ":" + json(random, depth - 1), "{", "}");
    };
  }

  private static String items(
      RandomGenerator random, java.util.function.Supplier<String> item, String open, String end) {
    return Stream.generate(item)
        .limit(random.nextInt(5))
        .collect(java.util.stream.Collectors.joining(",", open, end));
  }

  private static String word(RandomGenerator random) {
    return new JsonString(WORDS.get(random.nextInt(WORDS.size()))).toText();
  }

  /** A message of format version 1 with fields of any kind. */
  private static CborValue message(RandomGenerator random) {
    CborMap.Builder map = CborMap.versioned();
    for (int key = 1; key <= random.nextInt(1, 12); key++) {
      map.put(key, field(random, 3));
    }
    return map.build().value();
  }

  private static CborValue field(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 ->
          new CborValue.Int(random.nextBoolean() ? random.nextLong() : random.nextInt(-2, 40));
      case 1 ->
          new CborValue.ByteString(
              ByteBuffer.wrap(new byte[random.nextBoolean() ? 32 : random.nextInt(70)]));
      case 2 -> new CborValue.Text(WORDS.get(random.nextInt(WORDS.size())));
      case 3 -> new CborValue.Bool(random.nextBoolean());
      case 4 ->
          new CborValue.Array(
              Stream.generate(() -> field(random, depth - 1)).limit(random.nextInt(4)).toList());
      default -> message(random);
    };
  }
}
