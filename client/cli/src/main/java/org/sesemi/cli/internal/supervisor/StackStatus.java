package org.sesemi.cli.internal.supervisor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.cli.internal.Fields;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * What a stack looks like, as its supervisor writes it down for other commands.
 *
 * @param state where it stands as a whole
 * @param phase what it is doing, in words
 * @param supervisor the process that looks after it
 * @param parts its parts
 * @param failure what keeps it from starting, if something does
 */
public record StackStatus(
    State state,
    String phase,
    ProcessId supervisor,
    List<PartStatus> parts,
    Optional<Failure> failure) {

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

  /**
   * Why a stack does not start, in the words of whoever found out.
   *
   * @param code the stable name of the failure
   * @param category the kind of failure
   * @param hint what the reader can do
   * @param message what happened
   */
  public record Failure(String code, ErrorCategory category, String hint, String message) {

    static Failure of(CodedException failure) {
      return new Failure(
          failure.code(),
          failure.errorCode().category(),
          failure.errorCode().hint(),
          failure.detail());
    }

    private Fields fields() {
      return new Fields()
          .put("code", code)
          .put("category", category.text())
          .put("hint", hint)
          .put("message", message);
    }

    private static Failure of(JsonFields json) {
      return new Failure(
          json.text("code"),
          ErrorCategory.parse(json.text("category")),
          json.text("hint"),
          json.text("message"));
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
    failure.ifPresent(f -> fields.put("failure", f.fields()));
    return fields;
  }

  /**
   * Reads the form of documents.
   *
   * @param json the document
   */
  static StackStatus of(JsonFields json) {
    return new StackStatus(
        State.parse(json.text("state")),
        json.text("phase"),
        process(json.object("supervisor")),
        json.objects("parts").stream().map(StackStatus::part).toList(),
        json.optionalObject("failure").map(Failure::of));
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
