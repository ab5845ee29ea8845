package org.sesemi.cli.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.sesemi.sdk.Answer;
import org.sesemi.sdk.SdkException;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.OipException;
import org.sesemi.wire.VersionRule;
import org.sesemi.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one sealed request. */
@Command(
    name = "infer",
    header = "Send one sealed request.",
    description =
        "Seal an Open Inference Protocol request, send it, open the answer and check its receipt. "
            + "The receipt is kept for: sesemi verify last",
    footer = {
      "  sesemi infer heart --input sample.json",
      "  cat sample.json | sesemi infer heart --input - --json"
    })
final class InferCommand extends Verb {

  private static final int MAX_INPUT = 256 << 20;

  @Mixin private final Actor actor = new Actor();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A name, or OWNER-ID/NAME.")
  private String model = "";

  @Option(
      names = "--input",
      paramLabel = "FILE",
      required = true,
      description = "The request's JSON body; - for standard input.")
  private String input = "";

  @Option(
      names = "--versions",
      paramLabel = "RULE",
      defaultValue = "current",
      description = "current, =N or >=N (${DEFAULT-VALUE}).")
  private String versions = "current";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait at most (${DEFAULT-VALUE}).")
  private int timeout = 30;

  InferCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() throws IOException {
    if (timeout < 1 || timeout > 3600) {
      throw usage("--timeout takes 1 to 3600 seconds");
    }
    VersionRule rule;
    try {
      rule = VersionRule.parse(versions);
    } catch (WireException e) {
      throw usage(e.detail());
    }
    OipBody request = request(input());
    Stack stack = Stack.open(session(), actor);
    Answer answer;
    try (SesemiClient client = stack.client()) {
      ModelId id = stack.resolve(model, client);
      answer = client.infer(id, request, rule, Duration.ofSeconds(timeout));
    }
    Path receipt = new ReceiptFolder(stack.home()).keep(answer.receipt());
    JsonValue body = Json.parse(OipCodec.encode(answer.response(), OipCodec.Form.JSON).toArray());
    output()
        .progress(
            String.format(
                Locale.ROOT,
                "answered in %s (%s) by version %d; receipt checked and kept, see: sesemi verify last",
                Sizes.time(answer.duration().toNanos() / 1e6),
                answer.path().orElse("path unknown"),
                answer.modelVersion()));
    Fields data =
        new Fields()
            .put("model", answer.modelId().text())
            .put("version", answer.modelVersion())
            .put("requestId", answer.requestId().hex())
            .put("response", body)
            .put("receipt", receipt.toString())
            .put("durationMs", answer.duration().toNanos() / 1e6)
            .put("sealedBytes", answer.sealedBytes())
            .put("plainBytes", answer.plainBytes())
            .put("verification", RecordView.fields(answer.record()));
    answer.path().ifPresent(path -> data.put("path", path));
    Fields stages = new Fields();
    answer.stages().forEach(stages::put);
    data.put("stagesMs", stages);
    return new Result(data, List.of(Json.pretty(body)));
  }

  /** Checked here, where mistakes are explained best, and sent byte for byte as it was given. */
  private static OipBody request(byte[] json) {
    try {
      OipBody body = OipBody.json(json);
      var _ = OipCodec.decodeRequest(body);
      return body;
    } catch (OipException e) {
      if (e.errorCode() != OipException.Code.MALFORMED) {
        throw e;
      }
      throw new CliException(
          CliException.Code.INPUT_NOT_JSON, "the input is not a request: " + e.detail(), e);
    }
  }

  private byte[] input() throws IOException {
    if (input.equals("-")) {
      return bounded(session().terminal().in(), "standard input");
    }
    Path file = Path.of(input);
    if (!Files.exists(file)) {
      throw new SdkException(SdkException.Code.FILE_MISSING, "there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, file + " is not a file");
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return bounded(stream, file.toString());
    }
  }

  private static byte[] bounded(InputStream stream, String name) throws IOException {
    byte[] bytes = stream.readNBytes(MAX_INPUT + 1);
    if (bytes.length > MAX_INPUT) {
      throw new SdkException(
          SdkException.Code.FILE_UNREADABLE, name + " is larger than " + Sizes.text(MAX_INPUT));
    }
    return bytes;
  }
}
