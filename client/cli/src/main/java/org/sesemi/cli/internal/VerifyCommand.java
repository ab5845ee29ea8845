package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.sdk.ReceiptBundle;
import org.sesemi.sdk.ReceiptCheck;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.VerificationRecord;
import org.sesemi.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a receipt. */
@Command(
    name = "verify",
    header = "Verify a receipt offline, step by step.",
    description =
        "Verify a receipt step by step, without asking anybody: signature, certificate, cluster and, "
            + "with a context, whether the runtime is one of those accepted. Exit code 3 when a "
            + "step fails.",
    footer = {"  sesemi verify last", "  sesemi verify receipt.json --cluster 9f86d0... --json"})
final class VerifyCommand extends Verb {

  @Parameters(index = "0", paramLabel = "FILE", description = "A receipt, or: last")
  private String receipt = "";

  @Option(
      names = "--cluster",
      paramLabel = "ID",
      description = "The cluster that must have vouched (default: the pinned one).")
  private @Nullable String cluster;

  @Option(
      names = "--request",
      paramLabel = "FILE",
      description = "Check that the receipt is for this request body.")
  private @Nullable Path request;

  VerifyCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() throws IOException {
    Optional<Context> context = context();
    Path file =
        receipt.equals("last")
            ? new ReceiptFolder(HomeFolder.open(session().homePath())).last()
            : Path.of(receipt);
    ReceiptBundle bundle = ReceiptFolder.read(file);
    VerificationRecord record =
        ReceiptCheck.verify(
            bundle,
            cluster(context),
            context.map(Context::runtimePolicy),
            content(request),
            Optional.empty());
    List<String> lines = new ArrayList<>();
    lines.add("receipt " + file);
    lines.addAll(summary(bundle));
    lines.addAll(RecordView.lines(record, output().style()));
    Fields fields = RecordView.fields(record).put("file", file.toString()).putAll(facts(bundle));
    if (!record.accepted()) {
      Check failing = record.failing().orElseThrow();
      lines.forEach(output()::line);
      throw new FailureWithDetails(
          new CliException(
              CliException.Code.RECEIPT_INVALID,
              failing.name().replace('-', ' ') + ": " + failing.reason()),
          new Fields().put("verification", fields));
    }
    return new Result(fields, lines);
  }

  private Optional<Context> context() {
    try {
      return Optional.of(Context.read(HomeFolder.open(session().homePath())));
    } catch (CliException e) {
      // A receipt can be verified anywhere; then the cluster comes from the command.
      if (e.errorCode() == CliException.Code.NOT_SET_UP) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Digest> cluster(Optional<Context> context) {
    @Nullable String given = cluster;
    if (given == null) {
      return context.map(Context::clusterId);
    }
    try {
      return Optional.of(Digest.parse(given));
    } catch (WireException e) {
      throw usage("--cluster takes the 64 digits of a cluster id");
    }
  }

  private static Optional<OipBody> content(@Nullable Path file) throws IOException {
    return file == null ? Optional.empty() : Optional.of(OipBody.json(Files.readAllBytes(file)));
  }

  private static List<String> summary(ReceiptBundle bundle) {
    Table table = new Table("  what", "receipt says");
    facts(bundle)
        .json()
        .members()
        .forEach(
            (name, value) ->
                table.row(
                    "  " + name,
                    value instanceof org.sesemi.wire.JsonString text
                        ? text.value()
                        : value.toText()));
    List<String> lines = table.lines();
    return lines.subList(1, lines.size());
  }

  private static Fields facts(ReceiptBundle bundle) {
    Fields fields = new Fields();
    bundle.facts().forEach(fields::put);
    return fields;
  }
}
