package org.sesemi.keyservice.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.Bytes;

/** A store without a medium, for tests of decisions. It keeps encodings, so that codecs count. */
final class MemoryStore implements Store {

  private record Name(RecordKind kind, Bytes name) {}

  private final Map<Name, Bytes> records = new LinkedHashMap<>();
  private final List<AuditRow> audit = new ArrayList<>();
  private @Nullable Header header;
  private int failuresToCome;

  @Override
  public Optional<Header> load(Consumer<StoredRecord> target) {
    records.forEach(
        (name, value) -> target.accept(StoredRecordCodec.decode(name.kind(), value.toArray())));
    return Optional.ofNullable(header);
  }

  @Override
  public void commit(Batch batch) {
    if (failuresToCome > 0) {
      failuresToCome--;
      throw StoreFailures.failed(new SQLException("planned"));
    }
    for (Change change : batch.changes()) {
      Name name = new Name(change.stored().kind(), Bytes.of(change.stored().name()));
      switch (change) {
        case Change.Put(StoredRecord stored) -> records.put(name, Bytes.of(stored.encode()));
        case Change.Delete _ -> records.remove(name);
      }
    }
    audit.add(batch.audit());
    header = batch.header();
  }

  @Override
  public List<AuditRow> readAudit(long from, int maxCount) {
    int start = (int) Math.min(from, audit.size());
    return List.copyOf(audit.subList(start, Math.min(audit.size(), start + maxCount)));
  }

  void failNext() {
    failuresToCome = 1;
  }

  int recordCount() {
    return records.size();
  }

  int countWithoutNonces() {
    return (int) records.keySet().stream().filter(name -> name.kind() != RecordKind.NONCE).count();
  }

  @Override
  public void close() {}
}
