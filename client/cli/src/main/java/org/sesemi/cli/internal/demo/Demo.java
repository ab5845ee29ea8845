package org.sesemi.cli.internal.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Context;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.Fields;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.Identities;
import org.sesemi.cli.internal.Output;
import org.sesemi.cli.internal.Sizes;
import org.sesemi.cli.internal.Stack;
import org.sesemi.cli.internal.Style;
import org.sesemi.cli.internal.Table;
import org.sesemi.sdk.Answer;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.Publication;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.PackageLocation;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/**
 * The whole story on a stack that runs: an owner publishes two models and grants their use to one
 * user, who asks both; then four attempts that must be refused.
 */
public final class Demo {

  static final String OWNER = "owner";
  static final String USER = "user";
  static final String COLLEAGUE = "colleague";
  static final String STRANGER = "stranger";
  static final String FOREST = "wdbc-forest";
  static final String EMBEDDING = "minilm";
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MAX_TOKENS = 128;
  private static final int HOT_REQUESTS = 20;

  private static final List<String> SENTENCES =
      List.of(
          "A man is eating a piece of bread.",
          "Somebody is having some food.",
          "The central bank raised its interest rate.");

  private final HomeFolder home;
  private final Dist dist;
  private final Output output;
  private final Style style;
  private final List<DemoStep> steps = new ArrayList<>();
  private final Timings timings = new Timings();

  /**
   * Makes a demo.
   *
   * @param home the state folder
   * @param dist the programs and examples
   * @param output who looks on
   */
  public Demo(HomeFolder home, Dist dist, Output output) {
    this.home = home;
    this.dist = dist;
    this.output = output;
    this.style = output.style();
  }

  /**
   * Notes a step that was done elsewhere.
   *
   * @param name its name
   * @param took how long it took
   * @param detail what was done
   */
  public void done(String name, Duration took, String detail) {
    add(
        new DemoStep(
            name,
            DemoStep.Outcome.OK,
            took.toMillis(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            detail));
  }

  /** Runs all steps between start and stop. */
  public void run() {
    Context context = Context.read(home);
    Identities identities = new Identities(home);
    for (String name : List.of(OWNER, USER, COLLEAGUE, STRANGER)) {
      var _ = identities.findOrCreate(name);
    }
    ModelId forest;
    ModelId embedding;
    try (SesemiClient owner = Stack.of(home, context, OWNER).connect()) {
      forest = publish(owner, "publish-classifier", forestFile(), FOREST);
      embedding = publish(owner, "publish-embedding", embeddingFile(), EMBEDDING);
      grant(owner, identities, context, forest, embedding);
    }
    try (SesemiClient user = Stack.of(home, context, USER).client()) {
      classify(user, forest);
      compare(user, embedding);
      colleague(context, forest);
      hot(user, forest);
      new DemoRefusals(this, home, dist, context, forest).run(user);
    }
    timings.lines(style).forEach(output::line);
  }

  /** Returns what programs read. */
  public Fields data() {
    return new Fields()
        .put("simulation", true)
        .put("home", home.root().toString())
        .putList("steps", steps.stream().map(DemoStep::fields).toList())
        .put("timingsMs", timings.fields());
  }

  Path forestFile() {
    return dist.examples().resolve("wdbc-forest").resolve("model.onnx");
  }

  private Path embeddingFile() {
    return dist.examples().resolve("minilm").resolve("all-minilm-l6-v2-q.onnx");
  }

  void add(DemoStep step) {
    steps.add(step);
    String outcome =
        switch (step.outcome()) {
          case OK -> style.good("ok     ");
          case REFUSED -> style.warning("refused");
        };
    output.line(
        String.format(
            Locale.ROOT,
            "%2d  %s  %-24s %8s  %s",
            steps.size(),
            outcome,
            step.name(),
            Sizes.time((double) step.durationMs()),
            step.detail()));
  }

  private ModelId publish(SesemiClient owner, String step, Path file, String name) {
    long begin = System.nanoTime();
    Publication published = owner.publish(ModelFile.read(file), name);
    add(
        new DemoStep(
            step,
            DemoStep.Outcome.OK,
            millisSince(begin),
            OptionalLong.of(published.sealedBytes()),
            OptionalLong.of(published.plainBytes()),
            String.format(
                Locale.ROOT,
                "%s version %d, %s plain, %s sealed",
                name,
                published.version(),
                Sizes.text(published.plainBytes()),
                Sizes.text(published.sealedBytes()))));
    deletePrevious(published, file);
    return published.modelId();
  }

  /** A demo that runs often would fill the disk with versions that nobody may use any more. */
  private void deletePrevious(Publication published, Path file) {
    if (published.version() > 1) {
      try {
        Files.deleteIfExists(
            new PackageLocation(published.modelId(), published.version() - 1).in(home.storage()));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot delete the previous version of " + file, e);
      }
    }
  }

  private void grant(
      SesemiClient owner, Identities identities, Context context, ModelId... models) {
    long begin = System.nanoTime();
    for (ModelId model : models) {
      grant(owner, identities, context, model, USER);
    }
    grant(owner, identities, context, models[0], COLLEAGUE);
    done(
        "grant-user",
        Duration.ofMillis(millisSince(begin)),
        "a user may use both, a colleague the classifier, in the measured runtime");
  }

  void grant(
      SesemiClient owner, Identities identities, Context context, ModelId model, String name) {
    UserPosition user = UserPosition.of(identities.find(name).id());
    boolean granted =
        owner.grants(model).stream()
            .anyMatch(
                grant ->
                    grant.revoked().isEmpty()
                        && grant.terms().user().equals(user)
                        && grant.terms().runtimePolicy().equals(context.runtimePolicy()));
    if (!granted) {
      var _ =
          owner.grant(
              new Operation.Grant(
                  model,
                  user,
                  context.runtimePolicy(),
                  VersionRule.current(),
                  Operation.Grant.NEVER,
                  IsolationLevel.SHARED));
    }
  }

  private void classify(SesemiClient user, ModelId forest) {
    List<TumourSamples.Sample> samples =
        TumourSamples.read(dist.examples().resolve("wdbc-forest").resolve("samples.csv"));
    InferRequest request = forestRequest(samples);
    Answer answer = infer(user, forest, request, "infer-classifier");
    float[] probabilities =
        answer
            .response()
            .output("probabilities")
            .orElseThrow(() -> failed("the classifier gave no probabilities"))
            .floats();
    Table table = new Table("      tumour", "the model says", "", "it was", "");
    int right = 0;
    for (int i = 0; i < samples.size(); i++) {
      double benign = probabilities[2 * i + 1];
      boolean saysBenign = benign >= 0.5;
      boolean truth = samples.get(i).benign();
      boolean same = saysBenign == truth;
      right += same ? 1 : 0;
      table.row(
          String.format(Locale.ROOT, "      %6d", i + 1),
          saysBenign ? "benign" : "malignant",
          String.format(Locale.ROOT, "%5.1f %%", 100 * (saysBenign ? benign : 1 - benign)),
          truth ? "benign" : "malignant",
          same ? "right" : "wrong");
    }
    output.line("");
    table.lines().forEach(output::line);
    output.line("      " + right + " of " + samples.size() + " right");
    output.line("");
    if (right * 4 < samples.size() * 3) {
      throw failed("the classifier is right in " + right + " of " + samples.size() + " cases only");
    }
  }

  static InferRequest forestRequest(List<TumourSamples.Sample> samples) {
    float[] values = new float[samples.size() * TumourSamples.FEATURES];
    for (int i = 0; i < samples.size(); i++) {
      for (int j = 0; j < TumourSamples.FEATURES; j++) {
        values[i * TumourSamples.FEATURES + j] = samples.get(i).features().get(j);
      }
    }
    return InferRequest.of(
            Tensor.ofFloats("X", new long[] {samples.size(), TumourSamples.FEATURES}, values))
        .withBinaryOutput(true);
  }

  private void compare(SesemiClient user, ModelId embedding) {
    WordPieceTokenizer tokenizer =
        new WordPieceTokenizer(
            Vocabulary.read(dist.examples().resolve("minilm").resolve("tokenizer.json")),
            MAX_TOKENS);
    SentenceEmbedding.Batch batch = new SentenceEmbedding(tokenizer).batch(SENTENCES);
    Answer answer =
        infer(user, embedding, batch.request().withBinaryOutput(true), "infer-embedding");
    float[][] vectors = batch.vectors(answer.response());
    Table table = new Table("      closeness", "of", "and");
    for (int i = 0; i < SENTENCES.size(); i++) {
      for (int j = i + 1; j < SENTENCES.size(); j++) {
        table.row(
            String.format(
                Locale.ROOT, "      %9.3f", SentenceEmbedding.cosine(vectors[i], vectors[j])),
            SENTENCES.get(i),
            SENTENCES.get(j));
      }
    }
    output.line("");
    table.lines().forEach(output::line);
    output.line("");
    if (SentenceEmbedding.cosine(vectors[0], vectors[1])
        < SentenceEmbedding.cosine(vectors[0], vectors[2]) + 0.2) {
      throw failed("sentences of the same meaning are not closer than others");
    }
  }

  /** The function holds the model already; only the keys of this user are missing. */
  private void colleague(Context context, ModelId forest) {
    List<TumourSamples.Sample> one =
        TumourSamples.read(dist.examples().resolve("wdbc-forest").resolve("samples.csv"))
            .subList(1, 2);
    try (SesemiClient colleague = Stack.of(home, context, COLLEAGUE).client()) {
      var _ = infer(colleague, forest, forestRequest(one), "infer-second-user");
    }
  }

  private void hot(SesemiClient user, ModelId forest) {
    List<TumourSamples.Sample> one =
        TumourSamples.read(dist.examples().resolve("wdbc-forest").resolve("samples.csv"))
            .subList(0, 1);
    InferRequest request = forestRequest(one);
    long begin = System.nanoTime();
    long sealed = 0;
    long plain = 0;
    for (int i = 0; i < HOT_REQUESTS; i++) {
      Answer answer = user.infer(forest, request, VersionRule.current(), LIMIT);
      timings.add(answer);
      sealed += answer.sealedBytes();
      plain += answer.plainBytes();
    }
    long took = millisSince(begin);
    add(
        new DemoStep(
            "infer-hot",
            DemoStep.Outcome.OK,
            took,
            OptionalLong.of(sealed),
            OptionalLong.of(plain),
            String.format(
                Locale.ROOT,
                "%d requests, %s each, every receipt verified",
                HOT_REQUESTS,
                Sizes.time((double) took / HOT_REQUESTS))));
  }

  private Answer infer(SesemiClient user, ModelId model, InferRequest request, String step) {
    long begin = System.nanoTime();
    Answer answer = user.infer(model, request, VersionRule.current(), LIMIT);
    timings.add(answer);
    add(
        new DemoStep(
            step,
            DemoStep.Outcome.OK,
            millisSince(begin),
            OptionalLong.of(answer.sealedBytes()),
            OptionalLong.of(answer.plainBytes()),
            String.format(
                Locale.ROOT,
                "%s, %s sealed on the wire, receipt verified in %d checks",
                answer.path().orElse("answered"),
                Sizes.text(answer.sealedBytes()),
                answer.record().checks().size())));
    return answer;
  }

  /** Does something that must be refused, for a reason of the given area. */
  void refused(String name, String area, String what, Supplier<?> attempt) {
    long begin = System.nanoTime();
    try {
      var _ = attempt.get();
    } catch (CodedException e) {
      if (!e.code().startsWith(area)) {
        throw new CliException(
            CliException.Code.DEMO_FAILED,
            name + " was refused for another reason: " + e.code() + ": " + e.detail(),
            e);
      }
      add(
          new DemoStep(
              name,
              DemoStep.Outcome.REFUSED,
              millisSince(begin),
              OptionalLong.empty(),
              OptionalLong.empty(),
              what + ": " + e.detail() + " [" + e.code() + "]"));
      return;
    }
    throw failed(name + " was not refused");
  }

  static CliException failed(String why) {
    return new CliException(CliException.Code.DEMO_FAILED, why);
  }

  static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
