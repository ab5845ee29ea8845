package org.sesemi.attestation.internal.collateral;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;

/**
 * An item as it is kept.
 *
 * @param fetched when it was had
 * @param documents its documents by name
 */
record Entry(Instant fetched, Map<String, Bytes> documents) {

  private static final int MAX_DOCUMENTS = 4;

  Entry {
    documents = Map.copyOf(documents);
  }

  byte[] encode() {
    List<CborMap> list = new ArrayList<>();
    new TreeMap<>(documents)
        .forEach((name, bytes) -> list.add(CborMap.builder().put(1, name).put(2, bytes).build()));
    return CborMap.versioned().put(1, fetched.getEpochSecond()).putMaps(2, list).build().encode();
  }

  static Entry decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    Instant fetched =
        Instant.ofEpochSecond(
            reader.integer(1, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
    Map<String, Bytes> documents = new TreeMap<>();
    for (CborReader each : reader.maps(2, MAX_DOCUMENTS)) {
      documents.put(each.text(1, 64), Bytes.of(each.slice(2)));
      each.finish();
    }
    reader.finish();
    return new Entry(fetched, documents);
  }
}
