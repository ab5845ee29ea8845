package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.FunctionRuntime;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.testkit.SimulatedHardware;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Problem;

/** A whole instance on sockets, with an attested connection to a key service in this process. */
class FunctionRuntimeTest {

  @TempDir Path storage;
  private World world;
  private SimulatedHardware hardware;
  private FakeKeyService keyService;
  private PartyId user;
  private List<Samples.Row> rows;

  @BeforeEach
  void start() throws IOException {
    world = new World(storage);
    world.publish("forest", Samples.forest());
    user = world.user();
    rows = Samples.rows();
    hardware = new SimulatedHardware(world.time, World.RANDOM);
    keyService = FakeKeyService.start(world, hardware, 0);
  }

  @AfterEach
  void stop() {
    keyService.close();
    world.close();
  }

  private FunctionRuntime runtime() {
    return runtime(world.genesis.clusterId());
  }

  private FunctionRuntime runtime(Digest cluster) {
    byte[] config =
        Json.write(
            JsonObject.builder()
                .put("apiVersion", "sesemi/v1")
                .put("cluster", cluster.hex())
                .put(
                    "keyservice-policy",
                    Bytes.of(
                            hardware
                                .policy(FakeKeyService.MEASUREMENT, FakeKeyService.CONFIG)
                                .encode())
                        .hex())
                .build());
    FutureTask<InferenceEngine> engine = new FutureTask<>(() -> World.ENGINE);
    engine.run();
    return FunctionRuntime.start(
        new FunctionRuntime.Launch(
            hardware.launch(world.measurement, world.configDigest),
            world.measurement,
            world.configDigest,
            Bytes.of(config),
            Map.of(
                "keyservice",
                "127.0.0.1:" + keyService.port(),
                "storage",
                storage.toString(),
                "concurrency",
                "4",
                "queue",
                "100")),
        new FunctionRuntime.Base(
            world.time, System::nanoTime, World.RANDOM, World.CRYPTO, List.of()),
        engine);
  }

  /** What came back over HTTP. */
  @SuppressWarnings("ArrayRecordComponent") // test data: value equality is not needed
  private record Reply(int status, byte[] body) {}

  private static Reply post(FunctionRuntime runtime, PendingRequest pending) throws IOException {
    byte[] envelope = new byte[pending.envelope().remaining()];
    pending.envelope().get(envelope);
    HttpURLConnection connection = open(runtime, "/v1/invoke");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/octet-stream");
    connection.setFixedLengthStreamingMode(envelope.length);
    connection.getOutputStream().write(envelope);
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Reply(status, in.readAllBytes());
    }
  }

  private static HttpURLConnection open(FunctionRuntime runtime, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + runtime.address().getPort() + path);
    return (HttpURLConnection) uri.toURL().openConnection();
  }

  private static int status(FunctionRuntime runtime, String path) throws IOException {
    return open(runtime, path).getResponseCode();
  }

  private boolean right(FunctionRuntime runtime, int row) throws IOException {
    PendingRequest pending = world.seal(user, "forest", rows.get(row).request());
    Reply response = post(runtime, pending);
    assertThat(response.status())
        .as(() -> new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return rows.get(row)
        .rightly(
            OipCodec.decodeResponse(
                world.open(pending, ByteBuffer.wrap(response.body())).content().body()));
  }

  private Problem refused(FunctionRuntime runtime) throws IOException {
    Reply response = post(runtime, world.seal(user, "forest", rows.getFirst().request()));
    Problem problem = Problem.decode(response.body());
    assertThat(response.status()).isEqualTo(problem.status());
    return problem;
  }

  @Test
  void anInstanceAnswersOverItsSockets() throws Exception {
    try (FunctionRuntime runtime = runtime()) {
      for (int i = 0; i < rows.size(); i++) {
        assertThat(right(runtime, i)).isTrue();
      }
      assertThat(world.fetches).hasValue(1);
      assertThat(status(runtime, "/health/ready")).isEqualTo(200);
      assertThat(status(runtime, "/health/live")).isEqualTo(200);
      assertThat(status(runtime, "/metrics")).isEqualTo(200);
      assertThat(status(runtime, "/")).isEqualTo(404);
    }
  }

  @Test
  void manyCallersAtOnceGetTheirOwnAnswers() throws Exception {
    try (FunctionRuntime runtime = runtime()) {
      List<FutureTask<Boolean>> tasks = new ArrayList<>();
      for (int caller = 0; caller < 64; caller++) {
        int row = caller % rows.size();
        FutureTask<Boolean> task = new FutureTask<>(() -> right(runtime, row));
        tasks.add(task);
        Thread.ofVirtual().name("caller").start(task);
      }
      for (FutureTask<Boolean> task : tasks) {
        assertThat(task.get()).isTrue();
      }
      assertThat(world.fetches).hasValue(1);
    }
  }

  @Test
  void theConnectionToTheKeyServiceIsMadeAnewAfterItBroke() throws Exception {
    world.leaseBudget = 1;
    try (FunctionRuntime runtime = runtime()) {
      assertThat(right(runtime, 0)).isTrue();
      int port = keyService.port();
      keyService.close();
      assertThat(refused(runtime).code()).isEqualTo("keyservice.unavailable");
      assertThat(status(runtime, "/health/ready")).isEqualTo(503);
      assertThat(status(runtime, "/health/live")).isEqualTo(200);
      keyService = FakeKeyService.start(world, hardware, port);
      assertThat(right(runtime, 1)).isTrue();
      assertThat(status(runtime, "/health/ready")).isEqualTo(200);
    }
  }

  @Test
  void readinessComesBackWithoutARequest() throws Exception {
    int port = keyService.port();
    keyService.close();
    try (FunctionRuntime runtime = runtime()) {
      assertThat(status(runtime, "/health/ready")).isEqualTo(503);
      keyService = FakeKeyService.start(world, hardware, port);
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      int status = 0;
      while (status != 200 && System.nanoTime() < end) {
        status = status(runtime, "/health/ready");
      }
      assertThat(status).isEqualTo(200);
    }
  }

  @Test
  void aKeptConnectionThatWasClosedCostsNoRequest() throws Exception {
    world.leaseBudget = 1;
    try (FunctionRuntime runtime = runtime()) {
      assertThat(right(runtime, 0)).isTrue();
      int port = keyService.port();
      keyService.close();
      keyService = FakeKeyService.start(world, hardware, port);
      assertThat(right(runtime, 1)).isTrue();
    }
  }

  @Test
  void aServiceWithOtherCodeIsNotBelieved() throws Exception {
    keyService.close();
    keyService = FakeKeyService.start(world, hardware, 0, Digest.sha256(new byte[] {'x'}));
    try (FunctionRuntime runtime = runtime()) {
      assertThat(refused(runtime).code()).isEqualTo("keyservice.untrusted");
      assertThat(world.fetches).hasValue(0);
    }
  }

  @Test
  void aServiceOfAnotherClusterIsNotBelieved() throws Exception {
    try (FunctionRuntime runtime = runtime(Digest.sha256(new byte[] {'x'}))) {
      assertThat(refused(runtime).code()).isEqualTo("cluster.mismatch");
      assertThat(world.fetches).hasValue(0);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotPassedOn() throws Exception {
    world.certifier = IdentityKey.generate(World.RANDOM);
    try (FunctionRuntime runtime = runtime()) {
      assertThat(refused(runtime).code()).isEqualTo("keyservice.untrusted");
    }
  }

  @Test
  void refusalsOfTheKeyServiceReachTheClientWithTheirCode() throws Exception {
    world.outage =
        Optional.of(
            new FunctionException(FunctionException.Code.VERSION_NOT_ALLOWED, "no grant for you"));
    try (FunctionRuntime runtime = runtime()) {
      Problem problem = refused(runtime);
      assertThat(problem.code()).isEqualTo("model.version-not-allowed");
      assertThat(problem.status()).isEqualTo(403);
      assertThat(problem.detail()).isEqualTo("no grant for you");
      world.outage = Optional.empty();
      assertThat(right(runtime, 0)).isTrue();
    }
  }

  @Test
  void oneCallersRefusalLeavesTheSharedConnectionToOthers() throws Exception {
    world.leaseBudget = 1;
    PartyId stranger = world.user();
    PendingRequest strangers = world.seal(stranger, "forest", rows.getFirst().request());
    world.users.remove(stranger);
    try (FunctionRuntime runtime = runtime()) {
      assertThat(right(runtime, 0)).isTrue();
      int connections = keyService.connections();
      for (int i = 0; i < 5; i++) {
        assertThat(post(runtime, strangers).status()).isEqualTo(403);
        assertThat(right(runtime, i)).isTrue();
      }
      assertThat(keyService.connections()).isEqualTo(connections);
    }
  }

  @Test
  void anEpochThatWentBackIsRefused() throws Exception {
    world.leaseBudget = 1;
    world.epoch = 5;
    try (FunctionRuntime runtime = runtime()) {
      assertThat(right(runtime, 0)).isTrue();
      world.epoch = 4;
      assertThat(refused(runtime).code()).isEqualTo("epoch.behind");
      world.epoch = 5;
      assertThat(right(runtime, 1)).isTrue();
    }
  }

  @Test
  void anInstanceThatStopsTakesNothingMore() throws Exception {
    FunctionRuntime runtime = runtime();
    assertThat(right(runtime, 0)).isTrue();
    runtime.drain(Duration.ofSeconds(5));
    boolean refused = false;
    try {
      status(runtime, "/health/live");
    } catch (IOException e) {
      refused = true;
    }
    assertThat(refused).isTrue();
  }
}
