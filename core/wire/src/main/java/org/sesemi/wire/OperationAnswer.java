package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/** What the key service answers to an {@link Operation} that it carried out. */
public sealed interface OperationAnswer {

  /** {@return the encoding} */
  default byte[] encode() {
    return OperationAnswerCodec.encode(this);
  }

  /**
   * Reads an answer.
   *
   * @param bytes the encoding
   * @return what was read
   */
  static OperationAnswer decode(byte[] bytes) {
    return OperationAnswerCodec.decode(bytes);
  }

  /** The operation took effect and there is nothing more to say. */
  record Done() implements OperationAnswer {}

  /**
   * A grant was made.
   *
   * @param id its name
   */
  record Granted(GrantId id) implements OperationAnswer {
    /** Checks that the id is there. */
    public Granted {
      requireNonNull(id, "id");
    }
  }

  /**
   * A part of the list of grants.
   *
   * @param grants the grants, oldest first
   * @param next the offset of the next part, if there is one
   */
  record Grants(List<GrantView> grants, OptionalInt next) implements OperationAnswer {
    /** The most grants in one part. */
    public static final int MAX_COUNT = 64;

    /** Copies the list. */
    public Grants {
      grants = List.copyOf(grants);
      requireNonNull(next, "next");
    }
  }

  /**
   * A part of the list of models.
   *
   * @param models the models in the order of their ids
   * @param next the offset of the next part, if there is one
   */
  record Models(List<ModelSummary> models, OptionalInt next) implements OperationAnswer {
    /** The most models in one part. */
    public static final int MAX_COUNT = 512;

    /** Copies the list. */
    public Models {
      models = List.copyOf(models);
      requireNonNull(next, "next");
    }
  }

  /**
   * One model. Its owner sees all grants in their own list; a user sees here the grants that name
   * him.
   *
   * @param summary what the list of models says
   * @param versions its versions, newest first: all for its owner, those granted for a user
   * @param grants the grants that cover the reader
   */
  record Model(ModelSummary summary, List<ModelVersion> versions, List<GrantView> grants)
      implements OperationAnswer {
    /** The most versions shown, the newest ones. */
    public static final int MAX_VERSIONS = 256;

    /** The most grants shown, the newest ones. */
    public static final int MAX_GRANTS = 8;

    /** Copies the lists. */
    public Model {
      requireNonNull(summary, "summary");
      versions = List.copyOf(versions);
      grants = List.copyOf(grants);
    }
  }

  /**
   * A part of the audit log.
   *
   * @param previous the link before the first item
   * @param items the entries in order
   * @param total how many entries the log has
   */
  record Audit(Digest previous, List<AuditItem> items, long total) implements OperationAnswer {
    /** The most entries in one part. */
    public static final int MAX_COUNT = 256;

    /** Copies the list. */
    public Audit {
      requireNonNull(previous, "previous");
      items = List.copyOf(items);
    }
  }
}
