package org.sesemi.attestation.internal.collateral;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.sesemi.wire.Bytes;

/** A vendor's service inside the test: gives what it is told to, and counts who asks. */
final class FakeSource implements ItemSource {

  private final TestVendors vendors;
  private final Map<Item.Kind, Supplier<Map<String, Bytes>>> told = new ConcurrentHashMap<>();
  final List<Item.Kind> asked = new CopyOnWriteArrayList<>();
  volatile long number = 5;
  volatile Instant issued = TestVendors.NOW;
  volatile boolean away;

  FakeSource(TestVendors vendors) {
    this.vendors = vendors;
  }

  void give(Item.Kind kind, Map<String, Bytes> documents) {
    told.put(kind, () -> documents);
  }

  void give(Item.Kind kind, Supplier<Map<String, Bytes>> documents) {
    told.put(kind, documents);
  }

  void giveUsual() {
    told.clear();
  }

  @Override
  public Map<String, Bytes> fetch(Item item) {
    asked.add(item.kind());
    if (away) {
      throw Unavailable.because("the service is away");
    }
    Supplier<Map<String, Bytes>> documents = told.get(item.kind());
    return documents == null ? vendors.item(item, number, issued) : documents.get();
  }
}
