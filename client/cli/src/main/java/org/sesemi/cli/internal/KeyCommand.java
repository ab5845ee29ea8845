package org.sesemi.cli.internal;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Identities: the keys that owners and users are known by. */
@Command(
    name = "key",
    header = "Make and show identities.",
    description = "Make and show identities, the keys that owners and users are known by.",
    footer = {"  sesemi key create alice", "  sesemi key show"},
    subcommands = {KeyCommand.Create.class, KeyCommand.Show.class})
final class KeyCommand extends NounCommand {

  /** Makes an identity. */
  @Command(
      name = "create",
      header = "Make an identity.",
      description = "Make an identity; its secret stays in a private file of the state folder.",
      footer = {"  sesemi key create alice", "  sesemi key create bob --json"})
  static final class Create extends Verb {

    @Parameters(
        index = "0",
        paramLabel = "NAME",
        defaultValue = Identities.DEFAULT,
        description = "What to call it here (${DEFAULT-VALUE}).")
    private String name = Identities.DEFAULT;

    Create(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      HomeFolder home = HomeFolder.openOrCreate(session().homePath(), HomeFolder.Kind.HOME);
      Identities identities = new Identities(home);
      Identities.Entry entry = identities.create(name);
      return new Result(
          entry.fields().put("file", entry.file().toString()),
          List.of(
              "created " + entry.name() + "  " + entry.id().hex(),
              "its secret is in " + entry.file()));
    }
  }

  /** Shows identities. */
  @Command(
      name = "show",
      header = "Show identities.",
      description =
          "Show the identities of the state folder, or one of them. Secrets are not shown.",
      footer = {"  sesemi key show", "  sesemi key show alice --json"})
  static final class Show extends Verb {

    @Parameters(
        index = "0",
        paramLabel = "NAME",
        arity = "0..1",
        defaultValue = "",
        description = "Show this one only.")
    private String name = "";

    Show(Session session) {
      super(session);
    }

    @Override
    Result execute() {
      HomeFolder home = HomeFolder.open(session().homePath());
      Identities identities = new Identities(home);
      List<Identities.Entry> entries =
          name.isEmpty() ? identities.list() : List.of(identities.find(name));
      Table table = new Table("NAME", "ID");
      List<Fields> items = new ArrayList<>();
      for (Identities.Entry entry : entries) {
        table.row(entry.name(), entry.id().hex());
        items.add(entry.fields());
      }
      List<String> lines =
          entries.isEmpty()
              ? List.of("no identity yet; make one with: sesemi key create")
              : table.lines();
      return new Result(new Fields().putList("identities", items), lines);
    }
  }
}
