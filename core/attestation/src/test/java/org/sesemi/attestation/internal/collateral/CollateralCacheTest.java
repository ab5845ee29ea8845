package org.sesemi.attestation.internal.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.CollateralRequest;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.collateral.Item.Kind;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.wire.Bytes;

class CollateralCacheTest {

  private static final TestVendors VENDORS = new TestVendors();
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path parent;
  private Path folder = Path.of("");
  private Instant now = TestVendors.NOW;
  private final FakeSource source = new FakeSource(VENDORS);

  @BeforeEach
  void name() {
    folder = parent.resolve("cache");
  }

  private CollateralCache cache() {
    return new CollateralCache(folder, source, VENDORS.anchors(), () -> now);
  }

  private static CollateralRequest requestOf(Kind kind) {
    return kind.name().startsWith("AMD") ? TestVendors.MILAN : TestVendors.TDX;
  }

  private Documents get(Kind kind) {
    return cache().documents(requestOf(kind));
  }

  private Path file(Kind kind, String suffix) {
    return Item.of(requestOf(kind)).stream()
        .filter(item -> item.kind() == kind)
        .map(item -> folder.resolve(item.key() + suffix))
        .findFirst()
        .orElseThrow();
  }

  private static void refused(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
  }

  @Test
  void whatIsKeptIsNotAskedForAgain() {
    Documents first = get(Kind.INTEL_TCB_INFO);
    Documents second = get(Kind.INTEL_TCB_INFO);
    assertThat(second).isEqualTo(first);
    assertThat(source.asked).hasSize(4);
  }

  @Test
  void whatIsADayOldIsAskedForAgain() {
    get(Kind.AMD_CRL);
    now = now.plus(DAY);
    source.number = 6;
    source.issued = now;
    Documents second = get(Kind.AMD_CRL);
    assertThat(source.asked)
        .containsExactly(Kind.AMD_CHAIN, Kind.AMD_VCEK, Kind.AMD_CRL, Kind.AMD_CRL);
    assertThat(second).isEqualTo(get(Kind.AMD_CRL));
  }

  @Test
  void whatIsADayOldIsUsedOnWhenTheSourceIsAway() {
    Documents first = get(Kind.INTEL_TCB_INFO);
    now = now.plus(DAY.multipliedBy(29));
    source.away = true;
    assertThat(get(Kind.INTEL_TCB_INFO)).isEqualTo(first);
    assertThat(source.asked).hasSize(8);
  }

  @Test
  void whatIsKeptIsNotUsedOutsideItsDates() {
    get(Kind.INTEL_TCB_INFO);
    now = now.plus(DAY.multipliedBy(30)).plusSeconds(1);
    source.away = true;
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.INTEL_TCB_INFO));
    now = TestVendors.NOW.minusSeconds(1);
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.INTEL_TCB_INFO));
  }

  @Test
  void aClockThatWentBackMakesTheCacheAskAgain() {
    get(Kind.AMD_CRL);
    now = now.minusSeconds(1);
    source.issued = now;
    refused(Code.COLLATERAL_ROLLBACK, () -> get(Kind.AMD_CRL));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "INTEL.*|AMD_CRL")
  void whatComesOutsideItsDatesIsNotGivenOut(Kind kind) {
    source.issued = now.minus(DAY.multipliedBy(31));
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(kind));
    assertThat(file(kind, ".item")).doesNotExist();
  }

  @Test
  void nothingIsThereWhenTheSourceIsAway() {
    source.away = true;
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.AMD_CRL));
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.INTEL_TCB_INFO));
  }

  /** A lower CRL number or evaluation number, though issued later. */
  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "INTEL.*|AMD_CRL")
  void aLowerNumberIsARollback(Kind kind) {
    get(kind);
    now = now.plus(DAY);
    rollback(kind, 4, now);
  }

  /** An earlier date of issue, though the number is the same or higher. */
  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "INTEL.*|AMD_CRL")
  void anEarlierIssueIsARollback(Kind kind) {
    get(kind);
    now = now.plus(DAY);
    rollback(kind, 5, TestVendors.NOW.minusSeconds(1));
    rollback(kind, 6, TestVendors.NOW.minusSeconds(1));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "INTEL.*|AMD_CRL")
  void rollbackIsRememberedWhenTheKeptFileIsDeleted(Kind kind) throws IOException {
    get(kind);
    Files.delete(file(kind, ".item"));
    rollback(kind, 4, now);
    rollback(kind, 5, now.minusSeconds(1));
    source.giveUsual();
    get(kind);
  }

  private void rollback(Kind kind, long number, Instant issued) {
    Item item =
        Item.of(requestOf(kind)).stream().filter(i -> i.kind() == kind).findFirst().orElseThrow();
    source.give(kind, VENDORS.item(item, number, issued));
    refused(Code.COLLATERAL_ROLLBACK, () -> get(kind));
  }

  @Test
  void aListWithoutANumberIsARollbackBehindOneWithANumber() {
    Floor floor = new Floor(0, now);
    assertThat(floor.isAbove(new Floor(-1, now))).isTrue();
    assertThat(floor.isAbove(new Floor(0, now))).isFalse();
  }

  @Test
  void theMemoryNeverGoesDownWhateverTheOrder() {
    Property.check(
        "the floor is the maximum of what was seen",
        200,
        random -> {
          Floor floor = new Floor(-1, Instant.EPOCH);
          List<Floor> seen = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            Floor next =
                new Floor(random.nextInt(0, 50), Instant.ofEpochSecond(random.nextInt(0, 50)));
            if (!floor.isAbove(next)) {
              floor = Floor.decode(floor.max(next).encode());
              seen.add(next);
            }
          }
          for (Floor each : seen) {
            assertThat(each.isAbove(floor)).isFalse();
          }
          assertThat(floor).isEqualTo(seen.getLast());
        });
  }

  @Test
  void garbageDoesNotMoveTheMemory() {
    get(Kind.INTEL_TCB_INFO);
    get(Kind.AMD_CRL);
    TestVendors others = new TestVendors();
    for (Kind kind :
        List.of(Kind.INTEL_TCB_INFO, Kind.INTEL_QE_IDENTITY, Kind.INTEL_PCK_CRL, Kind.AMD_CRL)) {
      Item item =
          Item.of(requestOf(kind)).stream().filter(i -> i.kind() == kind).findFirst().orElseThrow();
      now = now.plus(DAY.multipliedBy(31));
      source.issued = now;
      source.give(kind, others.item(item, 99, now.plusSeconds(1)));
      refused(Code.COLLATERAL_INVALID, () -> get(kind));
      source.giveUsual();
      get(kind);
    }
  }

  @Test
  void whatIsKeptIsUsedOnWhenGarbageComes() {
    Documents first = get(Kind.AMD_CRL);
    now = now.plus(DAY);
    source.give(Kind.AMD_CRL, Map.of("crl.der", TestVendors.text("<html>")));
    assertThat(get(Kind.AMD_CRL)).isEqualTo(first);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aDamagedFileIsPutAsideAndHadAgain(Kind kind) throws IOException {
    get(kind);
    Path file = file(kind, ".item");
    byte[] whole = Files.readAllBytes(file);
    Property.check(
        "damage of " + kind,
        5,
        random -> {
          byte[] damaged = whole.clone();
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, damaged);
          source.asked.clear();
          get(kind);
          assertThat(source.asked).containsExactly(kind);
          assertThat(folder.resolve(file.getFileName() + ".bad")).hasBinaryContent(damaged);
          assertThat(Files.size(file)).isPositive();
        });
    for (int length : new int[] {0, 1, 31, 32, whole.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      source.away = true;
      refused(Code.COLLATERAL_UNAVAILABLE, () -> get(kind));
      source.away = false;
      get(kind);
    }
  }

  @Test
  void aDamagedMemoryGivesNothingOut() throws IOException {
    get(Kind.AMD_CRL);
    Files.write(file(Kind.AMD_CRL, ".floor"), new byte[40]);
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.AMD_CRL));
    assertThatThrownBy(() -> get(Kind.AMD_CRL)).hasMessageContaining(".floor");
  }

  @Test
  void aMemoryThatIsGoneIsMadeAgainFromWhatIsKept() throws IOException {
    get(Kind.AMD_CRL);
    Files.delete(file(Kind.AMD_CRL, ".floor"));
    get(Kind.AMD_CRL);
    Files.delete(file(Kind.AMD_CRL, ".item"));
    rollback(Kind.AMD_CRL, 4, now);
  }

  @Test
  void anOldFileThatIsPutBackIsNotUsed() throws IOException {
    get(Kind.AMD_CRL);
    byte[] old = Files.readAllBytes(file(Kind.AMD_CRL, ".item"));
    now = now.plus(DAY);
    source.number = 6;
    source.issued = now;
    Documents newest = get(Kind.AMD_CRL);
    Files.write(file(Kind.AMD_CRL, ".item"), old);
    now = now.minusSeconds(1);
    source.away = true;
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.AMD_CRL));
    source.away = false;
    source.give(Kind.AMD_CRL, Map.of("crl.der", newest.get("crl.der").orElseThrow()));
    now = now.plusSeconds(1);
    assertThat(get(Kind.AMD_CRL)).isEqualTo(newest);
  }

  @Test
  void oneFileDoesNotPassForAnother() throws IOException {
    get(Kind.INTEL_TCB_INFO);
    Files.copy(
        file(Kind.INTEL_ROOT_CRL, ".floor"),
        file(Kind.INTEL_TCB_INFO, ".floor"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.INTEL_TCB_INFO));
  }

  /** The process stopped between writing a file and giving it its name. */
  @Test
  void whatACrashLeftBehindIsWrittenOver() throws IOException {
    get(Kind.AMD_CRL);
    byte[] whole = Files.readAllBytes(file(Kind.AMD_CRL, ".item"));
    Files.delete(file(Kind.AMD_CRL, ".item"));
    Path left = file(Kind.AMD_CRL, ".item.new");
    Files.write(left, java.util.Arrays.copyOf(whole, whole.length / 2));
    get(Kind.AMD_CRL);
    assertThat(left).doesNotExist();
    assertThat(source.asked).hasSize(4);
  }

  /** The process stopped after the memory was written, before the document was. */
  @Test
  void aCrashBeforeTheDocumentIsWrittenDoesNotForgetIt() throws IOException {
    get(Kind.INTEL_PCK_CRL);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path item : files.filter(f -> f.toString().endsWith(".item")).toList()) {
        Files.delete(item);
      }
    }
    rollback(Kind.INTEL_PCK_CRL, 4, now);
  }

  @Test
  void filesBelongToTheirOwnerAlone() throws IOException {
    get(Kind.AMD_CRL);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(
              f ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aFolderThatOthersCanWriteToIsRefused() throws IOException {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.AMD_CRL));
    assertThat(source.asked).isEmpty();
  }

  @Test
  void aLinkInPlaceOfAFileIsNotFollowed() throws IOException {
    get(Kind.AMD_CRL);
    Path real = parent.resolve("real");
    Files.move(file(Kind.AMD_CRL, ".item"), real);
    Files.createSymbolicLink(file(Kind.AMD_CRL, ".item"), real);
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.AMD_CRL));
  }

  @Test
  void threadsThatWantTheSameShareOneRequest() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    source.give(
        Kind.INTEL_ROOT_CRL,
        () -> {
          inside.countDown();
          awaitQuietly(go);
          return VENDORS.rootCrl(5, TestVendors.NOW);
        });
    CollateralCache cache = cache();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reader-", 0).factory())) {
      List<Future<Documents>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        results.add(threads.submit(() -> cache.documents(TestVendors.TDX)));
      }
      inside.await();
      go.countDown();
      for (Future<Documents> result : results) {
        assertThat(result.get()).isEqualTo(results.getFirst().get());
      }
    }
    assertThat(source.asked).hasSize(4);
  }

  @Test
  void severalCachesOverOneFolderTakeTurns() throws Exception {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cache-", 0).factory())) {
      List<Future<Documents>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(threads.submit(() -> cache().documents(TestVendors.TDX)));
      }
      for (Future<Documents> result : results) {
        assertThat(result.get()).isEqualTo(results.getFirst().get());
      }
    }
    assertThat(source.asked).hasSize(4);
  }

  @Test
  void anotherProcessIsWaitedFor() throws Exception {
    get(Kind.AMD_CRL);
    try (LockHolder.Child child = LockHolder.start(file(Kind.AMD_CRL, ".lock"))) {
      CountDownLatch begun = new CountDownLatch(1);
      try (ExecutorService threads =
          Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("waiter-", 0).factory())) {
        Future<Documents> result =
            threads.submit(
                () -> {
                  begun.countDown();
                  return get(Kind.AMD_CRL);
                });
        begun.await();
        assertThatThrownBy(() -> result.get(300, java.util.concurrent.TimeUnit.MILLISECONDS))
            .isInstanceOf(java.util.concurrent.TimeoutException.class);
        child.release();
        assertThat(result.get().names()).contains("crl.der");
      }
    }
  }

  @Test
  void anItemThatFailsFailsForAllWhoWaitAndIsTriedAgainLater() {
    source.away = true;
    CollateralCache cache = cache();
    refused(Code.COLLATERAL_UNAVAILABLE, () -> cache.documents(TestVendors.MILAN));
    source.away = false;
    assertThat(cache.documents(TestVendors.MILAN).names()).contains("crl.der");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSignerThatWasRenewedWithItsKeyServesBothDocuments() {
    Map<String, Bytes> renewed = new HashMap<>(VENDORS.qeIdentity("TD_QE", 5, now));
    renewed.put(
        Item.SIGNING_CHAIN,
        TestVendors.text(
            Authority.pem(
                VENDORS.intelRoot.issue(
                    CertificateSpec.leaf(
                            "CN=Intel SGX TCB Signing,O=Test", VENDORS.signerKeys.getPublic())
                        .serial(2)),
                VENDORS.intelRoot.certificate())));
    source.give(Kind.INTEL_QE_IDENTITY, renewed);
    assertThat(get(Kind.INTEL_QE_IDENTITY).names()).contains(Item.SIGNING_CHAIN);
    assertThat(source.asked).hasSize(4);
  }

  @Test
  void twoSignersOfTheSameRequestAreAskedAboutOnceMoreAndThenRefused() {
    String body = "{\"id\":\"TD_QE\",\"issueDate\":\"2026-03-01T12:00:00Z\",";
    body += "\"nextUpdate\":\"2026-03-31T12:00:00Z\",\"tcbEvaluationDataNumber\":5}";
    KeyPair other = Authority.ecKeys("secp256r1");
    String document =
        "{\"enclaveIdentity\":"
            + body
            + ",\"signature\":\""
            + HexFormat.of().formatHex(TestVendors.sign(other, body))
            + "\"}";
    source.give(
        Kind.INTEL_QE_IDENTITY,
        Map.of(
            "qe_identity.json",
            TestVendors.text(document),
            Item.SIGNING_CHAIN,
            TestVendors.text(
                Authority.pem(
                    VENDORS.intelRoot.issue(
                        CertificateSpec.leaf(
                            "CN=Intel SGX TCB Signing,O=Test", other.getPublic()))))));
    refused(Code.COLLATERAL_UNAVAILABLE, () -> get(Kind.INTEL_QE_IDENTITY));
    assertThat(source.asked).hasSize(8);
    source.giveUsual();
    assertThat(get(Kind.INTEL_QE_IDENTITY).names()).contains("qe_identity.json");
  }

  @Test
  void whatIsKeptUnderOtherRootsIsNotUsed() {
    get(Kind.AMD_CRL);
    TestVendors others = new TestVendors();
    CollateralCache cache = new CollateralCache(folder, source, others.anchors(), () -> now);
    refused(Code.COLLATERAL_INVALID, () -> cache.documents(TestVendors.MILAN));
  }
}
