package org.sesemi.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.sdk.ClientConfig;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.RequestKeyStore;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.sdk.TrustStore;
import org.sesemi.testkit.Sesemi;
import org.sesemi.testkit.SharedModels;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/**
 * Sealed inference on a hot function beside the bare engine, one caller, in one run.
 *
 * <p>Floor: the same engine with the same session options in this process, on direct buffers.
 * Protected: sealing, packer, function, opening and receipt verification. Rounds alternate, so that
 * a machine whose speed drifts slows both; the ratio is taken round by round.
 */
final class HotBenchmark {

  static final int ROUNDS = 5;

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ROUND = Duration.ofSeconds(2);
  private static final int FEWEST = 20;

  private final Path data;

  HotBenchmark(Path data) {
    this.data = data;
  }

  private interface Call {
    void run() throws OrtException;
  }

  List<Row> run() throws IOException {
    Path folder = Files.createTempDirectory("sesemi-bench");
    Sesemi sesemi = new Sesemi(folder.resolve("home"));
    List<Row> rows = new ArrayList<>();
    try {
      sesemi.json("up", "--port", "0").expectExit(0);
      ClientConfig config = config(sesemi);
      Path state = Files.createDirectories(folder.resolve("client"));
      try (SesemiClient client =
          new SesemiClient(
              config,
              IdentityKey.generate(RandomSource.secure()),
              new TrustStore(Files.createDirectories(state.resolve("trust"))),
              new RequestKeyStore(Files.createDirectories(state.resolve("request-keys"))))) {
        float[] row = new float[30];
        java.util.Arrays.fill(row, 1.5f);
        rows.addAll(
            measure(
                client,
                config,
                "wdbc-forest",
                Sesemi.ROOT.resolve("examples/wdbc-forest/model.onnx"),
                Tensor.ofFloats("X", new long[] {1, 30}, row)));
        Path models = data.resolve("models");
        if (Files.isDirectory(models)) {
          rows.addAll(
              measure(
                  client,
                  config,
                  "mobilenetv2",
                  models.resolve("mobilenetv2/model.onnx"),
                  SharedModels.image(models.resolve("images/parrot.png"), "input", false)));
        }
      }
    } finally {
      sesemi.run("down").expectExit(0);
    }
    return rows;
  }

  private static List<Row> measure(
      SesemiClient client, ClientConfig config, String name, Path file, Tensor input) {
    ModelId model = client.publish(ModelFile.read(file), name).modelId();
    Operation.Grant terms =
        new Operation.Grant(
            model,
            UserPosition.of(client.id()),
            config.runtimePolicy(),
            new VersionRule.Current(),
            Operation.Grant.NEVER,
            IsolationLevel.SHARED);
    if (client.grant(terms).toString().isEmpty()) {
      throw new IllegalStateException("no grant");
    }
    InferRequest request = InferRequest.of(input).withBinaryOutput(true);
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "bench");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      try (OrtSession session = environment.createSession(file.toString(), options);
          OnnxTensor tensor = OnnxTensor.createTensor(environment, direct(input), input.shape())) {
        Map<String, OnnxTensor> inputs = Map.of(input.name(), tensor);
        return compare(
            name,
            () -> session.run(inputs).close(),
            () -> {
              if (client
                  .infer(model, request, new VersionRule.Current(), LIMIT)
                  .response()
                  .outputs()
                  .isEmpty()) {
                throw new IllegalStateException("no output");
              }
            });
      }
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static java.nio.FloatBuffer direct(Tensor input) {
    java.nio.ByteBuffer source = input.data().order(ByteOrder.LITTLE_ENDIAN);
    java.nio.ByteBuffer copy =
        java.nio.ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    return copy.put(source).flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static List<Row> compare(String name, Call floor, Call sealed) throws OrtException {
    round(floor);
    round(sealed);
    double[][] floors = new double[ROUNDS][];
    double[][] sealeds = new double[ROUNDS][];
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      floors[round] = round(floor);
      sealeds[round] = round(sealed);
      ratios[round] = Row.quantile(sealeds[round], 0.5) / Row.quantile(floors[round], 0.5);
    }
    return List.of(
        row(name, "floor", floors, 1), row(name, "protected", sealeds, Row.quantile(ratios, 0.5)));
  }

  private static double[] round(Call call) throws OrtException {
    List<Double> samples = new ArrayList<>();
    long end = System.nanoTime() + ROUND.toNanos();
    while (samples.size() < FEWEST || System.nanoTime() < end) {
      long begin = System.nanoTime();
      call.run();
      samples.add((System.nanoTime() - begin) / 1e6);
    }
    return samples.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Row row(String name, String path, double[][] rounds, double ratio) {
    double[] p50 = new double[ROUNDS];
    double[] p99 = new double[ROUNDS];
    double[] rate = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      p50[round] = Row.quantile(rounds[round], 0.5);
      p99[round] = Row.quantile(rounds[round], 0.99);
      rate[round] = 1000.0 / java.util.Arrays.stream(rounds[round]).average().orElseThrow();
    }
    return new Row(
        name,
        path,
        1,
        Row.quantile(p50, 0.5),
        Row.quantile(p99, 0.5),
        Row.quantile(rate, 0.5),
        ratio);
  }

  private static ClientConfig config(Sesemi sesemi) throws IOException {
    JsonFields context = JsonFields.of(Files.readAllBytes(sesemi.home().resolve("context.json")));
    return new ClientConfig(
        new InetSocketAddress(
            context.text("keyServiceHost"), (int) context.integer("keyServicePort", 1, 65535)),
        Bytes.parse(context.text("keyServicePolicy")),
        Optional.of(Digest.parse(context.text("cluster"))),
        Bytes.parse(context.text("runtimePolicy")),
        URI.create(context.text("packer")),
        Path.of(context.text("storage")));
  }
}
