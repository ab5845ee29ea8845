package org.sesemi.wire;

import java.util.OptionalInt;

/** The encodings of the answers: key 1 names the kind. */
final class OperationAnswerCodec {

  private OperationAnswerCodec() {}

  static byte[] encode(OperationAnswer answer) {
    CborMap.Builder map = CborMap.versioned();
    CborMap.Builder filled =
        switch (answer) {
          case OperationAnswer.Done _ -> map.put(1, "done");
          case OperationAnswer.Granted(GrantId id) -> map.put(1, "granted").put(2, id.value());
          case OperationAnswer.Grants(var grants, OptionalInt next) ->
              next(
                  map.put(1, "grants").putMaps(2, grants.stream().map(GrantView::toCbor).toList()),
                  next);
          case OperationAnswer.Models(var models, OptionalInt next) ->
              next(
                  map.put(1, "models")
                      .putMaps(2, models.stream().map(ModelSummary::toCbor).toList()),
                  next);
          case OperationAnswer.Model(ModelSummary summary, var versions, var grants) ->
              map.put(1, "model")
                  .put(2, summary.toCbor())
                  .putMaps(3, versions.stream().map(ModelVersion::toCbor).toList())
                  .putMaps(4, grants.stream().map(GrantView::toCbor).toList());
          case OperationAnswer.Audit(Digest previous, var items, long total) ->
              map.put(1, "audit")
                  .put(2, previous)
                  .putMaps(3, items.stream().map(AuditItem::toCbor).toList())
                  .put(4, total);
        };
    return filled.build().encode();
  }

  static OperationAnswer decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    OperationAnswer answer =
        switch (reader.text(1, 16)) {
          case "done" -> new OperationAnswer.Done();
          case "granted" -> new OperationAnswer.Granted(OperationCodec.grantId(reader, 2));
          case "grants" ->
              new OperationAnswer.Grants(
                  reader.maps(2, OperationAnswer.Grants.MAX_COUNT).stream()
                      .map(GrantView::fromCbor)
                      .toList(),
                  next(reader));
          case "models" ->
              new OperationAnswer.Models(
                  reader.maps(2, OperationAnswer.Models.MAX_COUNT).stream()
                      .map(ModelSummary::fromCbor)
                      .toList(),
                  next(reader));
          case "model" ->
              new OperationAnswer.Model(
                  ModelSummary.fromCbor(reader.map(2)),
                  reader.maps(3, OperationAnswer.Model.MAX_VERSIONS).stream()
                      .map(ModelVersion::fromCbor)
                      .toList(),
                  reader.maps(4, OperationAnswer.Model.MAX_GRANTS).stream()
                      .map(GrantView::fromCbor)
                      .toList());
          case "audit" ->
              new OperationAnswer.Audit(
                  reader.digest(2),
                  reader.maps(3, OperationAnswer.Audit.MAX_COUNT).stream()
                      .map(AuditItem::fromCbor)
                      .toList(),
                  reader.integer(4, 0, Long.MAX_VALUE));
          default ->
              throw new WireException(
                  WireException.Code.CBOR_UNEXPECTED, "the answer is of no known kind");
        };
    reader.finish();
    return answer;
  }

  private static CborMap.Builder next(CborMap.Builder map, OptionalInt next) {
    next.ifPresent(offset -> map.put(3, offset));
    return map;
  }

  private static OptionalInt next(CborReader reader) {
    return reader.has(3) ? OptionalInt.of(OperationCodec.offset(reader, 3)) : OptionalInt.empty();
  }
}
