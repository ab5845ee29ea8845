package org.sesemi.packer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.packer.PackerConfig;
import org.sesemi.platform.FunctionStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.ModelId;

/** Writes what the packer knows as JSON: functions, their models, the queue, the limits. */
final class StatusDocument {

  private StatusDocument() {}

  static JsonObject write(
      PackerConfig config,
      Dispatcher.View view,
      List<FunctionStatus> functions,
      Optional<String> obstacle,
      Duration uptime) {
    List<JsonValue> all = new ArrayList<>();
    for (int i = 0; i < functions.size(); i++) {
      all.add(function(view.functions().get(i), functions.get(i)));
    }
    JsonObject.Builder queue =
        JsonObject.builder().put("length", view.queued()).put("limit", config.queueLimit());
    view.oldestWait().ifPresent(wait -> queue.put("oldest-seconds", Metrics.seconds(wait)));
    JsonObject.Builder document =
        JsonObject.builder()
            .put("apiVersion", "sesemi/v1")
            .put(
                "status", view.draining() ? "draining" : obstacle.isPresent() ? "blocked" : "ready")
            .putIfPresent("reason", obstacle)
            .put("uptime-seconds", uptime.toSeconds())
            .put("in-flight", view.inFlight())
            .put("queue", queue.build())
            .put("functions", all)
            .put("models", models(view))
            .put(
                "limits",
                JsonObject.builder()
                    .put("payload-bytes", config.payloadLimit())
                    .put("default-deadline-seconds", config.defaultDeadline().toSeconds())
                    .put("max-deadline-seconds", config.maxDeadline().toSeconds())
                    .put("concurrency", config.pool().concurrency())
                    .put("memory-bytes", config.pool().memoryBytes())
                    .build());
    functions.stream()
        .findFirst()
        .ifPresent(
            f ->
                document.put(
                    "memory-limit",
                    JsonObject.builder()
                        .put("by", f.memoryLimit().text())
                        .put("meaning", f.memoryLimit().meaning())
                        .build()));
    return document.build();
  }

  private static JsonObject function(FunctionSlot.View slot, FunctionStatus status) {
    JsonObject.Builder serving = JsonObject.builder();
    slot.serving().forEach((model, count) -> serving.put(model.text(), JsonNumber.of(count)));
    return JsonObject.builder()
        .put("name", status.spec().name())
        .put("in-flight", slot.inFlight())
        .put("serving", serving.build())
        .put("holds", slot.holds().stream().map(model -> new JsonString(model.text())).toList())
        .putIfPresent("reserved-for", slot.reservedFor().map(ModelId::text))
        .put("starts", status.starts())
        .put("failures", status.failures())
        .putIfPresent("last-failure", status.lastFailure())
        .put("back-off-seconds", Metrics.seconds(status.backOff()))
        .put("sandboxes", status.sandboxes().stream().map(StatusDocument::sandbox).toList())
        .build();
  }

  private static JsonObject sandbox(FunctionStatus.SandboxStatus sandbox) {
    JsonObject.Builder builder =
        JsonObject.builder()
            .put("label", sandbox.label())
            .put("state", sandbox.state().text())
            .put("in-flight", sandbox.inFlight())
            .put("served", sandbox.served())
            .put("since", sandbox.since().toString())
            .putIfPresent("measurement", sandbox.measurement().map(Digest::hex));
    sandbox.pid().ifPresent(pid -> builder.put("pid", pid));
    return builder.build();
  }

  private static JsonArray models(Dispatcher.View view) {
    List<JsonValue> models = new ArrayList<>();
    for (FunctionSlot.View function : view.functions()) {
      for (Map.Entry<ModelId, Integer> each : function.serving().entrySet()) {
        models.add(
            JsonObject.builder()
                .put("model", each.getKey().text())
                .put("function", InvokeHandler.functionName(function.index()))
                .put("in-flight", each.getValue().longValue())
                .build());
      }
      for (ModelId held : function.holds()) {
        if (!function.serving().containsKey(held)) {
          models.add(
              JsonObject.builder()
                  .put("model", held.text())
                  .put("function", InvokeHandler.functionName(function.index()))
                  .put("in-flight", 0)
                  .build());
        }
      }
    }
    return new JsonArray(models);
  }
}
