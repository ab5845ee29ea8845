package org.sesemi.cli.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;
import org.sesemi.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Grants: who may use which model. */
@Command(
    name = "grant",
    header = "Say who may use a model.",
    description = "Say who may use a model, in which runtimes and until when.",
    footer = {
      "  sesemi grant add heart --user alice",
      "  sesemi grant list heart",
      "  sesemi grant revoke heart 3f2a... --yes"
    },
    subcommands = {GrantCommand.Add.class, GrantCommand.ListAll.class, GrantCommand.Revoke.class})
final class GrantCommand extends NounCommand {

  /** Makes a grant. */
  @Command(
      name = "add",
      header = "Allow a user to use a model.",
      description =
          "Allow a user to use a model. Keys go only to the runtime that this stack measured.",
      footer = {
        "  sesemi grant add heart --user alice",
        "  sesemi grant add heart --user alice --versions '>=2' --expires 30d",
      })
  static final class Add extends Verb {

    @Mixin private final Actor actor = new Actor();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name of yours.")
    private String model = "";

    @Option(
        names = "--user",
        paramLabel = "USER",
        required = true,
        description = "A party id, an identity of this folder, or anyone-authenticated.")
    private String user = "";

    @Option(
        names = "--versions",
        paramLabel = "RULE",
        defaultValue = "current",
        description = "current, =N or >=N (${DEFAULT-VALUE}).")
    private String versions = "current";

    @Option(
        names = "--expires",
        paramLabel = "WHEN",
        description = "A time such as 2030-01-31T12:00:00Z, or from now: 12h, 30d.")
    private @Nullable String expires;

    @Option(
        names = "--isolation",
        paramLabel = "LEVEL",
        defaultValue = "shared",
        description = "shared, sequential or exclusive (${DEFAULT-VALUE}).")
    private String isolation = "shared";

    Add(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      Stack stack = Stack.open(session(), actor);
      VersionRule rule;
      IsolationLevel level;
      try {
        rule = VersionRule.parse(versions);
        level = IsolationLevel.parse(isolation);
      } catch (WireException e) {
        throw usage(e.detail());
      }
      @Nullable String when = expires;
      Instant expiry = when == null ? Operation.Grant.NEVER : expiry(when);
      UserPosition position = stack.user(user);
      try (SesemiClient client = stack.connect()) {
        ModelId id = stack.resolve(model, client);
        Operation.Grant terms =
            new Operation.Grant(id, position, stack.context().runtimePolicy(), rule, expiry, level);
        GrantId grant = client.grant(terms);
        return new Result(
            new Fields()
                .put("id", grant.hex())
                .put("model", id.text())
                .put("user", position.text())
                .put("versions", rule.text())
                .put("isolation", level.text())
                .put("expires", GrantTerms.expiry(terms)),
            List.of(
                output().style().good("granted") + " " + id.name() + " to " + position.text(),
                "  grant     " + grant.hex(),
                "  versions  " + rule.text(),
                "  expires   " + GrantTerms.expiry(terms)));
      }
    }

    private Instant expiry(String text) {
      try {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("[1-9][0-9]{0,5}[smhd]")) {
          long count = Long.parseLong(lower.substring(0, lower.length() - 1));
          Duration duration =
              switch (lower.charAt(lower.length() - 1)) {
                case 's' -> Duration.ofSeconds(count);
                case 'm' -> Duration.ofMinutes(count);
                case 'h' -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
              };
          return InstantSource.system().instant().plus(duration);
        }
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw usage("--expires takes a time such as 2030-01-31T12:00:00Z, or 12h, 30d");
      }
    }
  }

  /** Lists grants. */
  @Command(
      name = "list",
      header = "List the grants of a model.",
      description = "List the grants of a model, revoked and expired ones included.",
      footer = {"  sesemi grant list heart", "  sesemi grant list heart --json"})
  static final class ListAll extends Verb {

    @Mixin private final Actor actor = new Actor();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name of yours.")
    private String model = "";

    ListAll(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      Stack stack = Stack.open(session(), actor);
      try (SesemiClient client = stack.connect()) {
        ModelId id = stack.resolve(model, client);
        Table table = new Table("GRANT", "USER", "VERSIONS", "EXPIRES", "STATE");
        List<Fields> items = new ArrayList<>();
        for (GrantView grant : client.grants(id)) {
          table.row(
              grant.id().hex(),
              grant.terms().user().text(),
              grant.terms().versionRule().text(),
              GrantTerms.expiry(grant.terms()),
              GrantTerms.state(grant));
          items.add(GrantTerms.fields(grant));
        }
        List<String> lines =
            items.isEmpty()
                ? List.of("nobody may use it; allow someone with: sesemi grant add " + model)
                : table.lines();
        return new Result(new Fields().put("model", id.text()).putList("grants", items), lines);
      }
    }
  }

  /** Ends a grant. */
  @Command(
      name = "revoke",
      header = "End a grant.",
      description = "End a grant. Functions that hold keys under it drop them with their lease.",
      footer = {"  sesemi grant revoke heart 9f86d081884c7d659a2feaa0c55ad015 --yes"})
  static final class Revoke extends Verb {

    @Mixin private final Actor actor = new Actor();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name of yours.")
    private String model = "";

    @Parameters(index = "1", paramLabel = "GRANT", description = "The grant's id.")
    private String grant = "";

    @Option(names = "--yes", description = "Do it, rather than say what would be done.")
    private boolean yes;

    Revoke(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      GrantId id;
      try {
        id = GrantId.parse(grant);
      } catch (WireException e) {
        throw usage("'" + grant + "' is not the id of a grant");
      }
      Stack stack = Stack.open(session(), actor);
      try (SesemiClient client = stack.connect()) {
        ModelId modelId = stack.resolve(model, client);
        if (!yes) {
          return new Result(
              new Fields().put("plan", "revoke").put("id", id.hex()).put("done", false),
              List.of(
                  "would revoke grant " + id.hex() + " of " + modelId.name(),
                  "do it with: sesemi grant revoke " + model + " " + id.hex() + " --yes"));
        }
        client.revoke(modelId, id);
        return new Result(
            new Fields().put("plan", "revoke").put("id", id.hex()).put("done", true),
            List.of(output().style().good("revoked") + " " + id.hex()));
      }
    }
  }
}
