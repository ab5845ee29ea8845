package org.sesemi.keyservice.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.AuditItem;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelSummary;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;

/**
 * What owners and users may see: the owner everything about the model, a user what the grants that
 * name him are about, and nobody whether somebody else's model exists.
 */
final class PartyQueries {

  /** Parts of lists end before they fill a message. */
  private static final int MAX_PART_BYTES = 160 * 1024;

  private final Ledger ledger;
  private final Store store;
  private final Digest clusterId;

  PartyQueries(Ledger ledger, Store store, Digest clusterId) {
    this.ledger = ledger;
    this.store = store;
    this.clusterId = clusterId;
  }

  Decision<OperationAnswer> listGrants(Operation.ListGrants list, PartyId actor) {
    PartyOperations.requireOwner(list.modelId(), actor);
    List<GrantView> part = new ArrayList<>();
    int bytes = 0;
    Collection<GrantView> all = ledger.grants(list.modelId());
    for (GrantView grant : all.stream().skip(list.offset()).toList()) {
      bytes += grant.terms().runtimePolicy().length() + 512;
      if (!part.isEmpty()
          && (bytes > MAX_PART_BYTES || part.size() == OperationAnswer.Grants.MAX_COUNT)) {
        break;
      }
      part.add(grant);
    }
    return Decision.of(
        new OperationAnswer.Grants(part, next(list.offset(), part.size(), all.size())),
        part.size() + " grants listed");
  }

  Decision<OperationAnswer> listModels(Operation.ListModels list, PartyId actor, Instant now) {
    Collection<ModelId> all = ledger.visibleModels(actor, now);
    List<ModelSummary> part =
        all.stream()
            .skip(list.offset())
            .limit(OperationAnswer.Models.MAX_COUNT)
            .flatMap(model -> summary(model, actor).stream())
            .toList();
    return Decision.of(
        new OperationAnswer.Models(part, next(list.offset(), part.size(), all.size())),
        part.size() + " models listed");
  }

  Decision<OperationAnswer> showModel(Operation.ShowModel show, PartyId actor, Instant now) {
    ModelId model = show.modelId();
    ModelSummary summary =
        summary(model, actor)
            .orElseThrow(
                () ->
                    new Refusal(
                        Code.MODEL_UNKNOWN, "no such model is known to you", "never published"));
    List<GrantView> covering =
        ledger.grantsFor(model, actor).stream()
            .filter(grant -> Ledger.isLive(grant, now))
            .limit(OperationAnswer.Model.MAX_GRANTS)
            .toList();
    if (!summary.owned() && covering.isEmpty()) {
      throw new Refusal(
          Code.MODEL_UNKNOWN, "no such model is known to you", "no live grant covers the asker");
    }
    List<ModelVersion> versions =
        ledger.versions(model).stream()
            .filter(
                version ->
                    summary.owned()
                        || covering.stream().anyMatch(grant -> allows(grant, version, summary)))
            .limit(OperationAnswer.Model.MAX_VERSIONS)
            .toList();
    return Decision.of(
        new OperationAnswer.Model(summary, versions, covering),
        "shown with " + versions.size() + " versions");
  }

  private static boolean allows(GrantView grant, ModelVersion version, ModelSummary summary) {
    return grant.terms().versionRule().accepts(version.version(), summary.currentVersion());
  }

  Decision<OperationAnswer> readAudit(Operation.ReadAudit read, PartyId actor, long total) {
    long from = Math.min(read.from(), total);
    Digest previous = clusterId;
    if (from > 0) {
      previous = store.readAudit(from - 1, 1).getFirst().link();
    }
    List<AuditItem> items = new ArrayList<>();
    Digest link = previous;
    int bytes = 0;
    for (Store.AuditRow row : store.readAudit(from, OperationAnswer.Audit.MAX_COUNT)) {
      Digest digest = Digest.sha256(row.entry().toArray());
      link = AuditItem.link(link, digest);
      if (!link.equals(row.link())) {
        throw StoreFailures.tampered("the chain of the audit log is broken at " + row.index());
      }
      boolean visible = AuditEntry.decode(row.entry().toArray()).subject().concerns(actor);
      bytes += 128 + (visible ? row.entry().length() : 0);
      if (!items.isEmpty() && bytes > MAX_PART_BYTES) {
        break;
      }
      items.add(
          new AuditItem(
              row.index(),
              digest,
              row.signature(),
              visible ? Optional.of(row.entry()) : Optional.empty()));
    }
    return Decision.of(
        new OperationAnswer.Audit(previous, items, total),
        items.size() + " entries read from " + from + " on");
  }

  private Optional<ModelSummary> summary(ModelId model, PartyId actor) {
    return ledger
        .current(model)
        .map(current -> new ModelSummary(model, current.version(), model.owner().equals(actor)));
  }

  private static OptionalInt next(int offset, int count, int total) {
    return count > 0 && offset + count < total
        ? OptionalInt.of(offset + count)
        : OptionalInt.empty();
  }
}
