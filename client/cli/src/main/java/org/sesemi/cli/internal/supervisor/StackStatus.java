package org.sesemi.cli.internal.supervisor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.cli.internal.Fields;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * What a stack looks like, as its supervisor writes it down for other commands.
 *
 * @param state where it stands as a whole
 * @param phase what it is doing, in words
 * @param supervisor the process that looks after it
 * @param parts its parts
 * @param failureCode the code of what keeps it from starting, empty while nothing does
 * @param failureMessage the message that goes with it
 */
public record StackStatus(
    State state,
    String phase,
    ProcessId supervisor,
    List<PartStatus> parts,
    String failureCode,
    String failureMessage) {

  /** Where a stack stands. */
  public enum State {
    /** Some part has never served yet. */
    STARTING,
    /** All parts have served. */
    READY,
    /** It cannot start and has given up. */
    FAILED,
    /** It is being stopped. */
    STOPPING;

    /** Returns the name in documents. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static State parse(String text) {
      for (State state : values()) {
        if (state.text().equals(text)) {
          return state;
        }
      }
      throw new WireException(WireException.Code.JSON_UNEXPECTED, "no such state");
    }
  }

  /**
   * What one part looks like.
   *
   * @param name its name
   * @param state where it stands
   * @param process its process, while there is one
   * @param restarts how often it was started again
   * @param sinceMillis since when it is in this state
   * @param facts what it says of itself
   * @param trouble what went wrong last, empty while nothing did
   */
  public record PartStatus(
      String name,
      String state,
      Optional<ProcessId> process,
      int restarts,
      long sinceMillis,
      Map<String, String> facts,
      String trouble) {

    /** Copies the facts. */
    public PartStatus {
      facts = Map.copyOf(facts);
    }

    /** Returns the form of documents. */
    public Fields fields() {
      Fields fields =
          new Fields()
              .put("name", name)
              .put("state", state)
              .put("restarts", restarts)
              .put("since", sinceMillis);
      process.ifPresent(p -> fields.put("pid", p.pid()).put("pidStart", p.startMillis()));
      if (!trouble.isEmpty()) {
        fields.put("trouble", trouble);
      }
      Fields inner = new Fields();
      new TreeMap<>(facts).forEach(inner::put);
      return fields.put("facts", inner);
    }
  }

  /** Copies the parts. */
  public StackStatus {
    parts = List.copyOf(parts);
  }

  /** Returns a part, if there is one of that name. */
  public Optional<PartStatus> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /** Returns the form of documents. */
  public Fields fields() {
    Fields fields =
        new Fields()
            .put("state", state.text())
            .put("phase", phase)
            .put(
                "supervisor",
                new Fields().put("pid", supervisor.pid()).put("pidStart", supervisor.startMillis()))
            .putList("parts", parts.stream().map(PartStatus::fields).toList());
    if (!failureCode.isEmpty()) {
      fields.put("failure", new Fields().put("code", failureCode).put("message", failureMessage));
    }
    return fields;
  }

  /**
   * Reads the form of documents.
   *
   * @param json the document
   */
  static StackStatus of(JsonFields json) {
    Optional<JsonFields> failure = json.optionalObject("failure");
    return new StackStatus(
        State.parse(json.text("state")),
        json.text("phase"),
        process(json.object("supervisor")),
        json.objects("parts").stream().map(StackStatus::part).toList(),
        failure.map(f -> f.text("code")).orElse(""),
        failure.map(f -> f.text("message")).orElse(""));
  }

  private static PartStatus part(JsonFields json) {
    return new PartStatus(
        json.text("name"),
        json.text("state"),
        json.has("pid") ? Optional.of(process(json)) : Optional.empty(),
        (int) json.integer("restarts", 0, Integer.MAX_VALUE),
        json.integer("since", 0, Long.MAX_VALUE),
        json.textMap("facts"),
        json.optionalText("trouble").orElse(""));
  }

  private static ProcessId process(JsonFields json) {
    return new ProcessId(
        json.integer("pid", 1, Long.MAX_VALUE), json.integer("pidStart", 0, Long.MAX_VALUE));
  }
}
