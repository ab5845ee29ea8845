package org.sesemi.packer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.platform.Deadline;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.FunctionSpec;
import org.sesemi.platform.FunctionStatus;
import org.sesemi.platform.InvokeResult;
import org.sesemi.platform.MemoryLimit;

/** A function platform whose functions do what a test says. */
final class FakePlatform implements FunctionPlatform {

  /** What a test does with an invocation. */
  @FunctionalInterface
  interface Behaviour {
    InvokeResult invoke(String function, byte[] request, Deadline deadline);
  }

  private final Map<String, FunctionSpec> specs = new TreeMap<>();
  private final Behaviour behaviour;
  private volatile Optional<String> obstacle = Optional.empty();
  private volatile boolean closed;

  FakePlatform(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  static InvokeResult answer(int status, byte[] body, Map<String, String> headers) {
    return new InvokeResult(
        status, headers, body, "sandbox-1", Duration.ofMillis(1), Duration.ofMillis(2));
  }

  void obstacle(String reason) {
    obstacle = Optional.of(reason);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void deploy(FunctionSpec spec) {
    specs.put(spec.name(), spec);
  }

  @Override
  public InvokeResult invoke(String function, byte[] request, Deadline deadline) {
    return behaviour.invoke(function, request, deadline);
  }

  @Override
  public List<String> list() {
    return List.copyOf(specs.keySet());
  }

  @Override
  public FunctionStatus describe(String function) {
    FunctionStatus.SandboxStatus sandbox =
        new FunctionStatus.SandboxStatus(
            function + ".1",
            FunctionStatus.SandboxState.READY,
            Optional.of(7L),
            Optional.empty(),
            0,
            3,
            Instant.EPOCH);
    FunctionSpec spec = specs.get(function);
    if (spec == null) {
      throw new AssertionError("no such function: " + function);
    }
    return new FunctionStatus(
        spec,
        List.of(sandbox),
        MemoryLimit.RESIDENT_SIZE,
        0,
        1,
        0,
        Optional.empty(),
        Duration.ZERO);
  }

  @Override
  public void delete(String function) {
    specs.remove(function);
  }

  @Override
  public Optional<String> obstacle() {
    return obstacle;
  }

  @Override
  public void close() {
    closed = true;
  }
}
