package org.sesemi.runtime;

import java.util.Set;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * The measured configuration of a runtime: what its evidence vouches for beside the code.
 *
 * @param cluster the only key service cluster that keys are taken from
 * @param keyServicePolicy what the key service must prove
 * @param intraOpThreads how many threads one run of a model uses
 * @param maxRequestBytes the largest sealed request that is accepted
 */
public record RuntimeConfig(
    Digest cluster, RuntimePolicy keyServicePolicy, int intraOpThreads, int maxRequestBytes) {

  /** The version of the format. */
  public static final String API_VERSION = "sesemi/v1";

  /** How many threads a run uses when the configuration does not say. */
  public static final int DEFAULT_INTRA_OP_THREADS = 1;

  /** The largest sealed request when the configuration does not say: 64 MiB. */
  public static final int DEFAULT_MAX_REQUEST_BYTES = 64 << 20;

  private static final Set<String> VERSIONS = Set.of(API_VERSION);

  /**
   * Reads a configuration. Unknown keys are refused.
   *
   * @param json the measured bytes
   * @return the configuration
   * @throws FunctionException with {@code config.invalid}
   */
  public static RuntimeConfig parse(byte[] json) {
    try {
      JsonFields fields = JsonFields.of(json);
      String version = fields.text("apiVersion");
      if (!VERSIONS.contains(version)) {
        throw invalid("the configuration has the unknown version '" + version + "'");
      }
      Digest cluster = Digest.parse(fields.text("cluster"));
      RuntimePolicy policy =
          RuntimePolicy.decode(Bytes.parse(fields.text("keyservice-policy")).toArray());
      int threads = DEFAULT_INTRA_OP_THREADS;
      if (fields.has("engine")) {
        JsonFields engine = fields.object("engine");
        threads = (int) engine.optionalInteger("intra-op-threads", 1, 64).orElse(threads);
        engine.finish();
      }
      int most =
          (int)
              fields
                  .optionalInteger("max-request-bytes", 1024, 1 << 30)
                  .orElse(DEFAULT_MAX_REQUEST_BYTES);
      fields.finish();
      return new RuntimeConfig(cluster, policy, threads, most);
    } catch (WireException | AttestationException e) {
      throw new FunctionException(
          FunctionException.Code.CONFIG_INVALID, "the measured configuration: " + e.detail(), e);
    }
  }

  private static FunctionException invalid(String message) {
    return new FunctionException(FunctionException.Code.CONFIG_INVALID, message);
  }
}
