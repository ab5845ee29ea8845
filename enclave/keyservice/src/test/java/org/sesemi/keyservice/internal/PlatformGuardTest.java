package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.keyservice.internal.KeyServiceScene.refused;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.wire.Digest;

/** The counters of a cluster on the platform. */
class PlatformGuardTest {

  private static final Digest CLUSTER = Digest.sha256(new byte[] {1});

  @TempDir Path folder;

  private PlatformGuard guard(Digest cluster) {
    return new PlatformGuard(
        new FilePlatform(folder, DurabilityWorker.CODE, DurabilityWorker.CONFIG), cluster);
  }

  @Test
  void statesAreAcknowledgedOneAfterTheOther() {
    PlatformGuard guard = guard(CLUSTER);
    guard.claim();
    assertThat(guard.acknowledged()).isZero();
    guard.acknowledge(1);
    guard.acknowledge(2);
    assertThat(guard(CLUSTER).acknowledged()).isEqualTo(2);
    refused("state.forked", () -> guard.acknowledge(2));
    refused("state.forked", () -> guard.acknowledge(4));
  }

  @Test
  void anOlderRunGetsNoAcknowledgementAnyMore() {
    PlatformGuard older = guard(CLUSTER);
    older.claim();
    older.acknowledge(1);
    PlatformGuard newer = guard(CLUSTER);
    newer.claim();
    refused("state.forked", () -> older.acknowledge(2));
    // The newer one read the counter before the older one moved it: it has to start again.
    refused("state.forked", () -> newer.acknowledge(2));
    PlatformGuard newest = guard(CLUSTER);
    newest.claim();
    newest.acknowledge(newest.acknowledged() + 1);
  }

  @Test
  void clustersOnOnePlatformDoNotDisturbEachOther() {
    PlatformGuard one = guard(CLUSTER);
    PlatformGuard two = guard(Digest.sha256(new byte[] {2}));
    one.claim();
    two.claim();
    one.acknowledge(1);
    two.acknowledge(1);
    one.acknowledge(2);
    assertThat(two.acknowledged()).isEqualTo(1);
  }
}
