package org.sesemi.cli.internal.demo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.sesemi.cli.internal.Context;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.Identities;
import org.sesemi.cli.internal.Stack;
import org.sesemi.cli.internal.supervisor.AlteredRuntime;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.Publication;
import org.sesemi.sdk.SealedExchange;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.VersionRule;

/** Four attempts that must fail, each with its own reason. */
final class DemoRefusals {

  private static final String DAMAGED = "wdbc-damaged";

  private final Demo demo;
  private final HomeFolder home;
  private final Dist dist;
  private final Context context;
  private final ModelId forest;
  private final InferRequest request;

  DemoRefusals(Demo demo, HomeFolder home, Dist dist, Context context, ModelId forest) {
    this.demo = demo;
    this.home = home;
    this.dist = dist;
    this.context = context;
    this.forest = forest;
    List<TumourSamples.Sample> samples =
        TumourSamples.read(dist.examples().resolve("wdbc-forest").resolve("samples.csv"));
    this.request = Demo.forestRequest(samples.subList(0, 1));
  }

  void run(SesemiClient user) {
    strangerWithoutGrant();
    tamperedRequest(user);
    tamperedModel(user);
    alteredRuntime();
  }

  private void strangerWithoutGrant() {
    try (SesemiClient stranger = Stack.of(home, context, Demo.STRANGER).client()) {
      demo.refused(
          "user-without-grant",
          "grant.",
          "a stranger asks",
          () -> stranger.infer(forest, request, VersionRule.current(), Demo.LIMIT));
    }
  }

  private void tamperedRequest(SesemiClient user) {
    OipBody body = OipCodec.encode(request, OipCodec.Form.BINARY);
    try (SealedExchange exchange = user.seal(forest, body, VersionRule.current())) {
      byte[] sealed = exchange.sealed();
      sealed[sealed.length - 1] ^= 1;
      demo.refused(
          "tampered-request",
          "envelope.",
          "one bit of a request is flipped",
          () -> user.transmit(exchange.requestId(), sealed, Demo.LIMIT));
    }
  }

  private void tamperedModel(SesemiClient user) {
    Publication damaged;
    try (SesemiClient owner = Stack.of(home, context, Demo.OWNER).connect()) {
      damaged = owner.publish(ModelFile.read(demo.forestFile()), DAMAGED);
      demo.grant(owner, new Identities(home), context, damaged.modelId(), Demo.USER);
    }
    flipLastByte(damaged.file());
    demo.refused(
        "tampered-model",
        "package.",
        "one bit of a stored model is flipped",
        () -> user.infer(damaged.modelId(), request, VersionRule.current(), Demo.LIMIT));
  }

  private void alteredRuntime() {
    try (AlteredRuntime altered = AlteredRuntime.launch(home, dist, context);
        SesemiClient user = client(altered.address())) {
      demo.refused(
          "altered-runtime",
          "runtime.",
          "a runtime started with one more flag",
          () -> user.infer(forest, request, VersionRule.current(), Demo.LIMIT));
    }
  }

  /** A client that sends to the altered runtime itself; nobody in between picks another one. */
  private SesemiClient client(URI address) {
    return Stack.of(
            home,
            new Context(
                context.clusterId(),
                context.genesis(),
                context.keyServiceHost(),
                context.keyServicePort(),
                context.keyServicePolicy(),
                context.runtimePolicy(),
                address,
                context.storage(),
                context.identity()),
            Demo.USER)
        .client();
  }

  private static void flipLastByte(Path file) {
    try (RandomAccessFile sealed = new RandomAccessFile(file.toFile(), "rw")) {
      sealed.seek(sealed.length() - 1);
      int last = sealed.read();
      sealed.seek(sealed.length() - 1);
      sealed.write(last ^ 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
