package org.sesemi.cli.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.Publication;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelSummary;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.TensorMetadata;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sealed models: publish, list, show. */
@Command(
    name = "model",
    header = "Publish sealed models and see which there are.",
    description = "Publish sealed models and see which there are.",
    footer = {
      "  sesemi model publish heart.onnx",
      "  sesemi model list",
      "  sesemi model show heart"
    },
    subcommands = {ModelCommand.Publish.class, ModelCommand.ListAll.class, ModelCommand.Show.class})
final class ModelCommand extends NounCommand {

  /** Publishes a model. */
  @Command(
      name = "publish",
      header = "Seal and publish an ONNX model.",
      description =
          "Seal an ONNX model into the storage folder and make it the current version. The owner "
              + "is granted its use; others get a grant with: sesemi grant add",
      footer = {
        "  sesemi model publish heart.onnx",
        "  sesemi model publish heart-2.onnx --name heart --json"
      })
  static final class Publish extends Verb {

    @Mixin private final Actor actor = new Actor();

    @Parameters(index = "0", paramLabel = "FILE", description = "The model, in ONNX form.")
    private Path file = Path.of("");

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What to call it (default: the file's name).")
    private @Nullable String name;

    @Option(names = "--no-grant", description = "Do not grant its use to the owner.")
    private boolean noGrant;

    Publish(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      ModelFile model = ModelFile.read(file);
      @Nullable String given = name;
      String modelName = given == null ? nameOf(file) : given;
      if (!ModelId.isName(modelName)) {
        throw usage(
            "'" + modelName + "' is not a model name: use --name with a-z, 0-9, '.', '_', '-'");
      }
      Stack stack = Stack.open(session(), actor);
      try (SesemiClient client = stack.connect()) {
        output().progress("sealing " + Sizes.text(model.size()) + " of " + file.getFileName());
        Publication publication = client.publish(model, modelName);
        if (!noGrant) {
          grantOwner(client, publication.modelId(), stack);
        }
        return new Result(
            fields(publication).put("grantedToOwner", !noGrant), lines(publication, model));
      }
    }

    private static void grantOwner(SesemiClient client, ModelId modelId, Stack stack) {
      UserPosition owner = UserPosition.of(modelId.owner());
      boolean granted =
          client.grants(modelId).stream()
              .anyMatch(
                  grant ->
                      grant.revoked().isEmpty()
                          && grant.terms().user().equals(owner)
                          && grant.terms().runtimePolicy().equals(stack.context().runtimePolicy())
                          && grant.terms().expiry().equals(Operation.Grant.NEVER));
      if (!granted) {
        client.grant(GrantTerms.plain(modelId, owner, stack.context().runtimePolicy()));
      }
    }

    private static String nameOf(Path file) {
      String base = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      return base.endsWith(".onnx") ? base.substring(0, base.length() - 5) : base;
    }

    private List<String> lines(Publication publication, ModelFile model) {
      List<String> lines = new ArrayList<>();
      lines.add(
          output().style().good("published")
              + " "
              + publication.modelId().name()
              + " version "
              + publication.version());
      lines.add("  id        " + publication.modelId().text());
      lines.add(
          "  size      "
              + Sizes.text(publication.plainBytes())
              + ", sealed "
              + Sizes.text(publication.sealedBytes()));
      lines.add("  manifest  " + publication.manifestDigest().hex());
      lines.addAll(tensors("  takes     ", model.inputs()));
      lines.addAll(tensors("  gives     ", model.outputs()));
      return lines;
    }
  }

  /** Lists models. */
  @Command(
      name = "list",
      header = "List models.",
      description = "List the models that you own or have a grant for.",
      footer = {"  sesemi model list", "  sesemi model list --as alice --json"})
  static final class ListAll extends Verb {

    @Mixin private final Actor actor = new Actor();

    ListAll(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      Stack stack = Stack.open(session(), actor);
      try (SesemiClient client = stack.connect()) {
        Table table = new Table("NAME", "VERSION", "ROLE", "OWNER");
        List<Fields> items = new ArrayList<>();
        for (ModelSummary model : client.models()) {
          String role = model.owned() ? "owner" : "user";
          table.row(
              model.modelId().name(),
              "" + model.currentVersion(),
              role,
              model.modelId().owner().hex());
          items.add(
              new Fields()
                  .put("id", model.modelId().text())
                  .put("name", model.modelId().name())
                  .put("owner", model.modelId().owner().hex())
                  .put("version", model.currentVersion())
                  .put("role", role));
        }
        List<String> lines =
            items.isEmpty()
                ? List.of("no model yet; publish one with: sesemi model publish FILE.onnx")
                : table.lines();
        return new Result(new Fields().putList("models", items), lines);
      }
    }
  }

  /** Shows one model. */
  @Command(
      name = "show",
      header = "Show one model.",
      description = "Show the versions of a model, and who may use it.",
      footer = {"  sesemi model show heart", "  sesemi model show heart --json"})
  static final class Show extends Verb {

    @Mixin private final Actor actor = new Actor();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name, or OWNER-ID/NAME.")
    private String model = "";

    Show(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      Stack stack = Stack.open(session(), actor);
      try (SesemiClient client = stack.connect()) {
        ModelId id = stack.resolve(model, client);
        OperationAnswer.Model shown = client.model(id);
        List<String> lines = new ArrayList<>();
        lines.add(shown.summary().modelId().text());
        lines.add("  role      " + (shown.summary().owned() ? "owner" : "user"));
        Table table = new Table("  VERSION", "PUBLISHED", "MANIFEST");
        List<Fields> versions = new ArrayList<>();
        for (ModelVersion version : shown.versions()) {
          table.row(
              "  " + version.version(),
              version.published().toString(),
              version.manifestDigest().hex());
          versions.add(
              new Fields()
                  .put("version", version.version())
                  .put("published", version.published().toString())
                  .put("manifest", version.manifestDigest().hex())
                  .put("keyId", version.keyId().hex()));
        }
        lines.addAll(table.lines());
        Fields data =
            new Fields()
                .put("id", id.text())
                .put("name", id.name())
                .put("owner", id.owner().hex())
                .put("role", shown.summary().owned() ? "owner" : "user")
                .put("version", shown.summary().currentVersion())
                .putList("versions", versions)
                .putList("grants", shown.grants().stream().map(GrantTerms::fields).toList());
        return new Result(data, lines);
      }
    }
  }

  static Fields fields(Publication publication) {
    return new Fields()
        .put("id", publication.modelId().text())
        .put("name", publication.modelId().name())
        .put("version", publication.version())
        .put("manifest", publication.manifestDigest().hex())
        .put("plainBytes", publication.plainBytes())
        .put("sealedBytes", publication.sealedBytes())
        .put("file", publication.file().toString())
        .put("versionRule", VersionRule.current().text());
  }

  private static List<String> tensors(String label, List<TensorMetadata> tensors) {
    List<String> lines = new ArrayList<>();
    for (TensorMetadata tensor : tensors) {
      String shape =
          String.join(
              " x ",
              tensor.shape().stream()
                  .map(d -> d == TensorMetadata.DYNAMIC ? "any" : "" + d)
                  .toList());
      lines.add(
          label
              + tensor.name()
              + "  "
              + tensor.datatype()
              + "  "
              + (shape.isEmpty() ? "scalar" : shape));
      label = " ".repeat(label.length());
    }
    return lines;
  }
}
