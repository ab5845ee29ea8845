package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * One line of a list of models.
 *
 * @param modelId the model
 * @param currentVersion its current version
 * @param owned whether the reader owns it; else the reader has a grant for it
 */
public record ModelSummary(ModelId modelId, long currentVersion, boolean owned) {

  /** Checks the parts. */
  public ModelSummary {
    requireNonNull(modelId, "modelId");
    ModelVersion.check(currentVersion);
  }

  CborMap toCbor() {
    return CborMap.builder().put(1, modelId.text()).put(2, currentVersion).put(3, owned).build();
  }

  static ModelSummary fromCbor(CborReader reader) {
    ModelSummary result =
        new ModelSummary(
            OperationCodec.model(reader, 1), ModelVersion.read(reader, 2), reader.bool(3));
    reader.finish();
    return result;
  }
}
