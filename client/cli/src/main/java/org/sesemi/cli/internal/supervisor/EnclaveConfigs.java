package org.sesemi.cli.internal.supervisor;

import java.net.URI;
import java.util.Map;
import org.sesemi.cli.internal.Context;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;

/** The measured configurations of the enclaves: byte for byte the same for the same content. */
public final class EnclaveConfigs {

  private EnclaveConfigs() {}

  /** Returns the configuration of the key service. */
  public static byte[] keyService() {
    return Json.write(
        JsonObject.builder().put("apiVersion", "sesemi/v1").put("platform", "simulated").build());
  }

  /**
   * Returns the configuration of function runtimes.
   *
   * @param cluster the cluster whose keys they use
   * @param keyServicePolicy what its key service must prove
   */
  public static byte[] runtime(Digest cluster, Bytes keyServicePolicy) {
    return Json.write(
        JsonObject.builder()
            .put("apiVersion", "sesemi/v1")
            .put("cluster", cluster.hex())
            .put("keyservice-policy", keyServicePolicy.hex())
            .put("engine", JsonObject.builder().put("intra-op-threads", 1).build())
            .build());
  }

  /**
   * Returns what a runtime is told beside its configuration; nothing of it is trusted.
   *
   * @param context the stack
   */
  public static Map<String, String> runtimeParameters(Context context) {
    return Map.of(
        "keyservice",
        context.keyServiceHost() + ":" + context.keyServicePort(),
        "storage",
        context.storage().toString(),
        "listen",
        "127.0.0.1:0");
  }

  /**
   * Returns where a runtime listens.
   *
   * @param ready what it said when it became ready
   */
  static URI runtimeAddress(Map<String, String> ready) {
    return URI.create("http://" + ready.getOrDefault("address", ""));
  }
}
