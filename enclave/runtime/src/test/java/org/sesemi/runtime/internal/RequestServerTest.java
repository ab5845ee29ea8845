package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.crypto.RequestContent;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.internal.onnx.OnnxBytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelMetadata;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Problem;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.VersionRule;

class RequestServerTest {

  @TempDir Path storage;
  private World world;
  private PartyId user;
  private List<Samples.Row> rows;

  @BeforeEach
  void start() throws IOException {
    world = new World(storage);
    world.publish("forest", Samples.forest());
    user = world.user();
    rows = Samples.rows();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private PendingRequest request(int row) {
    return world.seal(user, "forest", rows.get(row).request());
  }

  private String refused(ByteBuffer envelope) {
    CodedException e = catchThrowableOfType(CodedException.class, () -> world.serve(envelope));
    return e == null ? "served" : e.code();
  }

  @Test
  void rowsAreAnsweredColdWarmAndHot() {
    List<Temperature> temperatures = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      PendingRequest pending = request(i);
      RequestServer.Answer answer = world.serve(pending);
      temperatures.add(answer.temperature());
      PendingRequest.Answer opened = world.open(pending, answer.body());
      assertThat(opened.content().outcome()).isEqualTo("ok");
      assertThat(rows.get(i).rightly(OipCodec.decodeResponse(opened.content().body()))).isTrue();
    }
    assertThat(temperatures).startsWith(Temperature.COLD, Temperature.HOT);
    assertThat(world.fetches).hasValue(1);
    PartyId another = world.user();
    PendingRequest pending = world.seal(another, "forest", rows.getFirst().request());
    assertThat(world.serve(pending).temperature()).isEqualTo(Temperature.WARM);
  }

  @Test
  void jsonRequestsGetJsonAnswers() {
    StringBuilder json = new StringBuilder("{\"id\":\"a\",\"inputs\":[{\"name\":\"X\",");
    json.append("\"shape\":[1,30],\"datatype\":\"FP32\",\"data\":[[");
    for (int i = 0; i < 30; i++) {
      json.append(i > 0 ? "," : "").append(rows.getFirst().values()[i]);
    }
    PendingRequest pending =
        world.seal(
            user,
            "forest",
            new VersionRule.Current(),
            OipBody.json(json.append("]]}]}").toString().getBytes(StandardCharsets.UTF_8)));
    OipBody body = world.ask(pending).content().body();
    assertThat(body.binary()).isFalse();
    assertThat(new String(body.toArray(), StandardCharsets.UTF_8)).contains("\"id\":\"a\"");
    assertThat(rows.getFirst().rightly(OipCodec.decodeResponse(body))).isTrue();
  }

  @Test
  void metadataTellsTheSignature() {
    PendingRequest pending =
        world.seal(
            user,
            "forest",
            new VersionRule.Current(),
            RequestContent.Operation.METADATA,
            1,
            IsolationLevel.SHARED,
            OipBody.json(new byte[0]));
    ModelMetadata metadata = OipCodec.decodeMetadata(world.ask(pending).content().body());
    assertThat(metadata.versions()).containsExactly("1");
    assertThat(metadata.inputs().getFirst().name()).isEqualTo("X");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"inputs\":[]}|tensor.missing",
        "{|oip.malformed",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[NaN]}]}|tensor.not-finite",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,29],\"datatype\":\"FP32\",\"data\":[1]}]}|tensor.data",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,1],\"datatype\":\"FP64\",\"data\":[1]}]}|tensor.datatype",
      })
  void failuresThatDependOnTheContentTravelSealed(String json, String code) {
    PendingRequest pending =
        world.seal(
            user,
            "forest",
            new VersionRule.Current(),
            OipBody.json(json.getBytes(StandardCharsets.UTF_8)));
    RequestServer.Answer answer = world.serve(pending);
    assertThat(new String(answer.body().array(), StandardCharsets.ISO_8859_1)).doesNotContain(code);
    PendingRequest.Answer opened = world.open(pending, answer.body());
    assertThat(opened.content().problem().map(Problem::code)).contains(code);
    assertThat(answer.outcome()).isEqualTo("error");
    assertThat(rows.getFirst().rightly(responseTo(request(0)))).isTrue();
  }

  private InferResponse responseTo(PendingRequest pending) {
    return OipCodec.decodeResponse(world.ask(pending).content().body());
  }

  @Test
  void everyChangedByteAndEveryLengthIsRefusedAndChangesNothing() {
    PendingRequest pending = request(0);
    byte[] envelope = new byte[pending.envelope().remaining()];
    pending.envelope().get(envelope);
    Mutation.flips(envelope).forEach(this::mustRefuse);
    Mutation.cuts(envelope).forEach(this::mustRefuse);
    Mutation.extensions(envelope, Property.random("extensions")).forEach(this::mustRefuse);
    assertThat(rows.getFirst().rightly(responseTo(pending))).isTrue();
  }

  private void mustRefuse(Mutation mutation) {
    assertThat(refused(ByteBuffer.wrap(mutation.bytes())))
        .as(mutation.what())
        .matches("(envelope|request|model|cbor|version)\\.[a-z-]+");
  }

  @Test
  void shortAndOversizedInputsAreRefused() {
    for (int length : new int[] {0, 1, 4, 5, 31, 32, 33}) {
      assertThat(refused(ByteBuffer.allocate(length))).isEqualTo("envelope.malformed");
    }
    byte[] hugeLengths = new byte[64];
    System.arraycopy("SSRQ".getBytes(StandardCharsets.US_ASCII), 0, hugeLengths, 0, 4);
    hugeLengths[5] = 1;
    Arrays.fill(hugeLengths, 6, 64, (byte) 0xff);
    assertThat(refused(ByteBuffer.wrap(hugeLengths))).isEqualTo("envelope.malformed");
  }

  @Test
  void aRequestIsServedOnce() {
    PendingRequest pending = request(0);
    world.serve(pending);
    assertThat(refused(pending.envelope())).isEqualTo("request.replayed");
    PendingRequest old = request(1);
    world.time.pass(Duration.ofMinutes(6));
    assertThat(refused(old.envelope())).isEqualTo("request.expired");
  }

  @Test
  void aSecondAnswerNeverHasTheSameSalt() throws IOException {
    PendingRequest pending = request(0);
    ByteBuffer first = world.serve(pending).body();
    try (World other = new World(storage)) {
      other.versions.putAll(world.versions);
      other.modelKeys.putAll(world.modelKeys);
      other.users.putAll(world.users);
      ByteBuffer second = other.serve(pending).body();
      assertThat(second).isNotEqualTo(first);
    }
  }

  @Test
  void aFailedFetchOfKeysLeavesNothingBehind() {
    world.outage =
        Optional.of(new FunctionException(FunctionException.Code.KEYSERVICE_UNAVAILABLE, "away"));
    PendingRequest pending = request(0);
    assertThat(refused(pending.envelope())).isEqualTo("keyservice.unavailable");
    world.outage = Optional.empty();
    assertThat(rows.getFirst().rightly(responseTo(pending))).isTrue();
  }

  @Test
  void aUserWithoutGrantDoesNotDisturbOthers() {
    PartyId stranger = world.user();
    PendingRequest pending = world.seal(stranger, "forest", rows.getFirst().request());
    world.users.remove(stranger);
    assertThat(refused(pending.envelope())).isEqualTo("model.version-not-allowed");
    assertThat(refused(pending.envelope())).isEqualTo("model.version-not-allowed");
    assertThat(rows.getFirst().rightly(responseTo(request(0)))).isTrue();
  }

  @Test
  void aFailedLoadLeavesNothingBehind() throws IOException {
    Path file = world.packageFile("forest", 1);
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    bad[bad.length - 1] ^= 1;
    Files.write(file, bad);
    PendingRequest pending = request(0);
    assertThat(refused(pending.envelope())).isEqualTo("package.tampered");
    Files.delete(file);
    assertThat(refused(pending.envelope())).isEqualTo("model.package-missing");
    Files.write(file, good);
    assertThat(rows.getFirst().rightly(responseTo(pending))).isTrue();
    assertThat(world.models.size()).isEqualTo(1);
  }

  @Test
  void everyChangedByteOfAPackageIsRefused() throws IOException {
    byte[] tiny =
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.node("Identity", "in", "out"),
                OnnxBytes.input("in", 1),
                OnnxBytes.output("out", 1)));
    world.publish("tiny", tiny);
    Path file = world.packageFile("tiny", 1);
    byte[] good = Files.readAllBytes(file);
    List<Mutation> mutations = new ArrayList<>(Mutation.flips(good).toList());
    Mutation.cuts(good).filter(cut -> cut.bytes().length % 7 == 0).forEach(mutations::add);
    PendingRequest pending =
        world.seal(user, "tiny", InferRequest.of(Tensor.ofFloats("in", new long[] {1}, 1)));
    for (Mutation mutation : mutations) {
      Files.write(file, mutation.bytes());
      assertThat(refused(pending.envelope()))
          .as(mutation.what())
          .isIn("model.package-changed", "model.version-not-current", "package.tampered");
      assertThat(world.models.size()).isZero();
    }
    Files.write(file, good);
    assertThat(world.ask(pending).content().outcome()).isEqualTo("ok");
  }

  @Test
  void storageThatServesAnOldVersionIsFoundOut() throws IOException {
    world.publish("forest", Samples.forest());
    Files.copy(
        world.packageFile("forest", 1),
        world.packageFile("forest", 2),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(refused(request(0).envelope())).isEqualTo("model.version-not-current");
  }

  @Test
  void versionsFollowTheRuleOfTheRequest() throws IOException {
    world.publish("forest", Samples.forest());
    for (String rule : List.of("current", ">=1", ">=2", "=2", "=1")) {
      PendingRequest pending =
          world.seal(
              user,
              "forest",
              VersionRule.parse(rule),
              OipCodec.encode(rows.getFirst().request(), OipCodec.Form.BINARY));
      assertThat(world.ask(pending).header().modelVersion()).isEqualTo(rule.equals("=1") ? 1 : 2);
    }
    PendingRequest third =
        world.seal(user, "forest", VersionRule.parse("=3"), OipBody.json(new byte[0]));
    assertThat(refused(third.envelope())).isEqualTo("model.version-not-allowed");
  }

  @Test
  void keysOfALowerEpochAreDiscarded() {
    world.serve(request(0));
    PendingRequest ahead =
        world.seal(
            user,
            "forest",
            new VersionRule.Current(),
            RequestContent.Operation.INFER,
            2,
            IsolationLevel.SHARED,
            OipCodec.encode(rows.getFirst().request(), OipCodec.Form.BINARY));
    assertThat(refused(ahead.envelope())).isEqualTo("epoch.behind");
    assertThat(world.keys.size()).isZero();
    world.epoch = 2;
    assertThat(rows.getFirst().rightly(responseTo(ahead))).isTrue();
  }

  @Test
  void aSpentLeaseIsRenewed() {
    world.leaseBudget = 2;
    for (int i = 0; i < 6; i++) {
      assertThat(rows.get(i).rightly(responseTo(request(i)))).isTrue();
    }
    assertThat(world.fetches).hasValue(3);
  }

  @Test
  void requestsThatDoNotOpenSpendNothing() {
    world.leaseBudget = 2;
    assertThat(rows.getFirst().rightly(responseTo(request(0)))).isTrue();
    byte[] forged = new byte[request(1).envelope().remaining()];
    request(1).envelope().get(forged);
    forged[forged.length - 1] ^= 1;
    for (int i = 0; i < 5; i++) {
      assertThat(refused(ByteBuffer.wrap(forged))).isEqualTo("envelope.tampered");
    }
    assertThat(rows.get(1).rightly(responseTo(request(1)))).isTrue();
    assertThat(world.fetches).hasValue(1);
  }

  @Test
  void strongerIsolationIsRefusedInsteadOfPromised() {
    PendingRequest pending =
        world.seal(
            user,
            "forest",
            new VersionRule.Current(),
            RequestContent.Operation.INFER,
            1,
            IsolationLevel.EXCLUSIVE,
            OipBody.json(new byte[0]));
    assertThat(refused(pending.envelope())).isEqualTo("isolation.unsupported");
    world.isolation = IsolationLevel.SEQUENTIAL;
    world.keys.close();
    assertThat(refused(request(0).envelope())).isEqualTo("isolation.unsupported");
  }

  @Test
  void aModelThatCannotBeServedSaysSoToTheUserAlone() throws IOException {
    world.publish(
        "sequence",
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.node("SequenceConstruct", "in", "secret-name"),
                OnnxBytes.input("in", 1),
                OnnxBytes.sequenceOutput("secret-name", 1))));
    PendingRequest pending = world.seal(user, "sequence", rows.getFirst().request());
    RequestServer.Answer answer = world.serve(pending);
    assertThat(new String(answer.body().array(), StandardCharsets.ISO_8859_1))
        .doesNotContain("secret-name");
    Problem problem = world.open(pending, answer.body()).content().problem().orElseThrow();
    assertThat(problem.code()).isEqualTo("model.unsupported");
    assertThat(problem.detail()).contains("secret-name");
  }

  @Test
  void sixtyFourCallersOnTwoModelsGetTheirOwnAnswers() throws Exception {
    world.publish(
        "echo",
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.node("Identity", "in", "out"),
                OnnxBytes.input("in", 1),
                OnnxBytes.output("out", 1))));
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int caller = 0; caller < 64; caller++) {
      int number = caller;
      PartyId who = world.user();
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                for (int i = 0; i < 10; i++) {
                  if (!(number % 2 == 0 ? forest(who, number + i) : echo(who, number * 100 + i))) {
                    return false;
                  }
                }
                return true;
              });
      tasks.add(task);
      Thread.ofVirtual().name("caller").start(task);
    }
    for (FutureTask<Boolean> task : tasks) {
      assertThat(task.get()).isTrue();
    }
    assertThat(world.fetches).hasValue(64);
    assertThat(world.models.size()).isEqualTo(2);
    assertThat(world.admission.inferring()).isZero();
  }

  private boolean forest(PartyId who, int number) {
    Samples.Row row = rows.get(number % rows.size());
    return row.rightly(responseTo(world.seal(who, "forest", row.request())));
  }

  private boolean echo(PartyId who, float number) {
    Tensor in = Tensor.ofFloats("in", new long[] {3}, number, -number, 0.5f);
    return responseTo(world.seal(who, "echo", InferRequest.of(in)))
        .outputs()
        .equals(List.of(in.renamed("out")));
  }

  @Test
  void modelsThatDoNotFitTogetherTakeTurns() throws IOException {
    try (World small = new World(storage.resolve("small"), 6 << 20)) {
      small.publish("a", Samples.forest());
      small.publish("b", Samples.forest());
      PartyId who = small.user();
      for (int i = 0; i < 6; i++) {
        PendingRequest pending = small.seal(who, i % 2 == 0 ? "a" : "b", rows.get(i).request());
        assertThat(
                rows.get(i).rightly(OipCodec.decodeResponse(small.ask(pending).content().body())))
            .isTrue();
        assertThat(small.models.size()).isEqualTo(1);
      }
      assertThat(small.models.evictions()).isEqualTo(5);
    }
  }
}
