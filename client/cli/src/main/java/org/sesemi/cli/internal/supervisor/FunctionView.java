package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.cli.internal.Fields;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * One function as the packer sees it.
 *
 * @param name its name
 * @param state where its sandbox stands, {@code none} where it has none
 * @param pid its process, 0 where there is none
 * @param starts how often it was started
 * @param failures how often it ended on its own or did not start
 * @param served how many requests it answered
 * @param measurement what the platform measured it to be, empty where it has no sandbox
 * @param details what else is known, in words
 */
public record FunctionView(
    String name,
    String state,
    long pid,
    long starts,
    long failures,
    long served,
    String measurement,
    String details) {

  /**
   * What a packer says of its functions.
   *
   * @param functions its functions
   * @param memoryLimit how they are held to their memory limit
   */
  public record All(List<FunctionView> functions, String memoryLimit) {
    /** Copies the list. */
    public All {
      functions = List.copyOf(functions);
    }
  }

  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Returns the form of documents. */
  public Fields fields() {
    return new Fields()
        .put("name", name)
        .put("state", state)
        .put("pid", pid)
        .put("starts", starts)
        .put("failures", failures)
        .put("served", served)
        .put("measurement", measurement)
        .put("details", details);
  }

  /**
   * Asks a packer for its functions.
   *
   * @param packer the packer's address
   */
  public static All ask(URI packer) {
    Optional<HttpResponse<byte[]>> answer = get(packer.resolve("/v1/status"));
    if (answer.isEmpty() || answer.get().statusCode() != 200) {
      return new All(List.of(), "unknown");
    }
    try {
      JsonFields status = JsonFields.of(answer.get().body());
      List<FunctionView> views = new ArrayList<>();
      for (JsonFields function : status.objects("functions")) {
        views.addAll(views(function));
      }
      Optional<JsonFields> memory = status.optionalObject("memory-limit");
      return new All(
          views, memory.map(m -> m.text("by") + ": " + m.text("meaning")).orElse("unknown"));
    } catch (WireException e) {
      System.getLogger(FunctionView.class.getName())
          .log(System.Logger.Level.DEBUG, "the packer's status is not understood", e);
      return new All(List.of(), "unknown");
    }
  }

  private static List<FunctionView> views(JsonFields function) {
    String name = function.text("name");
    long starts = function.integer("starts", 0, Long.MAX_VALUE);
    long failures = function.integer("failures", 0, Long.MAX_VALUE);
    String trouble = function.optionalText("last-failure").orElse("");
    List<FunctionView> views = new ArrayList<>();
    for (JsonFields sandbox : function.objects("sandboxes")) {
      views.add(
          new FunctionView(
              name,
              sandbox.text("state"),
              sandbox.optionalInteger("pid", 1, Long.MAX_VALUE).orElse(0),
              starts,
              failures,
              sandbox.integer("served", 0, Long.MAX_VALUE),
              sandbox.optionalText("measurement").orElse(""),
              "in flight " + sandbox.integer("in-flight", 0, Long.MAX_VALUE)));
    }
    if (views.isEmpty()) {
      views.add(new FunctionView(name, "none", 0, starts, failures, 0, "", trouble));
    }
    return views;
  }

  /**
   * Tells whether a packer lives.
   *
   * @param packer the packer's address
   */
  static boolean isLive(URI packer) {
    return get(packer.resolve("/health/live")).filter(r -> r.statusCode() == 200).isPresent();
  }

  private static Optional<HttpResponse<byte[]>> get(URI address) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build()) {
      return Optional.of(
          client.send(
              HttpRequest.newBuilder(address).timeout(LIMIT).build(),
              HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
