package org.sesemi.runtime.internal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.ModelKey;
import org.sesemi.crypto.PackageManifest;
import org.sesemi.crypto.PackageSource;
import org.sesemi.crypto.PackageWriter;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.crypto.ReceiptVerifier;
import org.sesemi.crypto.RequestContent;
import org.sesemi.crypto.RequestKey;
import org.sesemi.crypto.RequestSealer;
import org.sesemi.crypto.ResponseSealer;
import org.sesemi.crypto.SealedAnswer;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.crypto.Signed;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.internal.onnx.OnnxEngine;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.Lease;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.PackageLocation;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.Provisioned.AllowedVersion;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.Verdict;
import org.sesemi.wire.VersionRule;

/** An owner, users, a storage folder, a key service in this process, and one request server. */
public final class World implements AutoCloseable {

  static final RandomSource RANDOM = RandomSource.secure();
  static final CryptoProvider CRYPTO = CryptoProvider.jdk();
  static final InferenceEngine ENGINE = OnnxEngine.start(1);
  static final long BUDGET = 1L << 30;

  final FakeTime time = new FakeTime();
  final Path storage;
  final IdentityKey authority = IdentityKey.generate(RANDOM);
  final IdentityKey receiptKey = IdentityKey.generate(RANDOM).with(CRYPTO);
  final PartyId owner = IdentityKey.generate(RANDOM).id();
  final Digest measurement = Digest.sha256(new byte[] {1});
  final Digest configDigest = Digest.sha256(new byte[] {2});
  final Genesis genesis =
      new Genesis(
          authority.publicKey(),
          time.instant(),
          Digest.sha256(new byte[] {3}),
          Digest.sha256(new byte[] {4}),
          "simulated",
          Bytes.random(RANDOM, 32),
          1,
          Bytes.random(RANDOM, 32));
  final AtomicInteger fetches = new AtomicInteger();
  final AtomicInteger connections = new AtomicInteger();
  final Map<String, List<AllowedVersion>> versions = new ConcurrentHashMap<>();
  final Map<String, ModelKey> modelKeys = new ConcurrentHashMap<>();
  final Map<PartyId, RequestKey> users = new ConcurrentHashMap<>();
  final ModelCache models;
  final KeyCache<RuntimeKeys> keys = new KeyCache<>(time, System::nanoTime, 100);
  final ReplayWindow replays = new ReplayWindow(time, 10_000);
  final Admission admission = new Admission(4, 1000);
  final DeadlineWatch watch = new DeadlineWatch();
  final RequestServer server;
  volatile IdentityKey certifier = authority;
  volatile long epoch = 1;
  volatile long leaseBudget = 1000;
  volatile IsolationLevel isolation = IsolationLevel.SHARED;
  volatile Optional<FunctionException> outage = Optional.empty();

  World(Path storage) {
    this(storage, BUDGET);
  }

  World(Path storage, long memory) {
    this.storage = storage;
    models = new ModelCache(memory);
    PackageStore store = new PackageStore(storage);
    server =
        new RequestServer(
            new RequestServer.Parts(
                time,
                System::nanoTime,
                CRYPTO,
                new RequestServer.Identity(
                    receiptKey,
                    measurement,
                    configDigest,
                    genesis.clusterId(),
                    new ResponseSealer(CRYPTO, RANDOM, measurement, configDigest)),
                this::provision,
                store,
                new ModelLoader(store, CRYPTO, () -> ENGINE, System::nanoTime, 2),
                ENGINE::platform),
            keys,
            models,
            replays,
            admission,
            watch);
  }

  /** Seals a model into the storage and allows it, as the newest version. */
  AllowedVersion publish(String name, byte[] model) throws IOException {
    ModelId id = new ModelId(owner, name);
    ModelKey key = modelKeys.computeIfAbsent(name, _ -> ModelKey.generate(RANDOM));
    List<AllowedVersion> known = new ArrayList<>(versions.getOrDefault(name, List.of()));
    long version = known.size() + 1L;
    Path file = new PackageLocation(id, version).in(storage);
    Files.createDirectories(file.getParent());
    try (FileChannel target =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      PackageWriter.Written written =
          new PackageWriter(CRYPTO, RANDOM)
              .write(
                  key,
                  new PackageWriter.Description(
                      id, version, 3L * model.length, PackageManifest.ONNX, List.of(), List.of()),
                  PackageSource.ofBytes(ByteBuffer.wrap(model)),
                  target);
      AllowedVersion allowed = new AllowedVersion(version, written.manifestDigest(), key.id());
      known.addFirst(allowed);
      versions.put(name, known);
      return allowed;
    }
  }

  Path packageFile(String name, long version) {
    return new PackageLocation(new ModelId(owner, name), version).in(storage);
  }

  PartyId user() {
    PartyId user = IdentityKey.generate(RANDOM).id();
    users.put(user, RequestKey.generate(RANDOM));
    return user;
  }

  private KeyCache.Fetched<RuntimeKeys> provision(
      KeyCache.Slot slot, long least, StageTimes times) {
    Provisioned provisioned = release(slot, receiptKey.publicKey());
    Signed certificate = Signed.decode(provisioned.instanceCertificate().toArray());
    Lease lease = provisioned.lease();
    return new KeyCache.Fetched<>(
        RuntimeKeys.of(provisioned, slot.requestKey(), certificate), lease, epoch);
  }

  /** Decides as the key service does, only simpler: every known user may use every model. */
  Provisioned release(KeyCache.Slot slot, IdentityPublicKey receiptPublicKey) {
    fetches.incrementAndGet();
    if (outage.isPresent()) {
      throw outage.get();
    }
    RequestKey request = users.get(slot.user());
    List<AllowedVersion> allowed = versions.get(slot.model().name());
    if (request == null || allowed == null || !request.id().equals(slot.requestKey())) {
      throw new FunctionException(FunctionException.Code.VERSION_NOT_ALLOWED, "no grant");
    }
    InstanceCertificate certificate =
        new InstanceCertificate(
            receiptPublicKey,
            measurement,
            configDigest,
            genesis.clusterId(),
            epoch,
            time.instant().minus(Duration.ofHours(1)),
            time.instant().plus(Duration.ofHours(1)));
    ModelKey model = requireNonNull(modelKeys.get(slot.model().name()));
    return new Provisioned(
        List.of(
            new Provisioned.ReleasedKey(
                model.id(), field(model.secret(InsecureSecretAccess.get())))),
        field(request.secret(InsecureSecretAccess.get())),
        allowed,
        isolation,
        new Lease(time.instant(), Duration.ofMinutes(10), leaseBudget),
        Bytes.of(Signed.sign(Signed.Label.INSTANCE, certificate.encode(), certifier).encode()),
        epoch);
  }

  private static SecretField field(SecretBytes secret) {
    return secret.use(InsecureSecretAccess.get(), SecretField::copyOf);
  }

  PendingRequest seal(PartyId user, String model, VersionRule rule, OipBody body) {
    return seal(user, model, rule, RequestContent.Operation.INFER, 1, IsolationLevel.SHARED, body);
  }

  PendingRequest seal(
      PartyId user,
      String model,
      VersionRule rule,
      RequestContent.Operation operation,
      long leastEpoch,
      IsolationLevel wanted,
      OipBody body) {
    return new RequestSealer(CRYPTO, RANDOM, time)
        .seal(
            requireNonNull(users.get(user)),
            new RequestSealer.Question(
                user, new ModelId(owner, model), rule, operation, leastEpoch, wanted, body));
  }

  PendingRequest seal(PartyId user, String model, InferRequest request) {
    return seal(
        user, model, new VersionRule.Current(), OipCodec.encode(request, OipCodec.Form.BINARY));
  }

  RequestServer.Answer serve(PendingRequest pending) {
    return serve(pending.envelope());
  }

  RequestServer.Answer serve(ByteBuffer envelope) {
    return server.serve(
        envelope,
        Deadline.after(System::nanoTime, Duration.ofSeconds(30)),
        new StageTimes(System::nanoTime));
  }

  /** Opens an answer and verifies its receipt. */
  PendingRequest.Answer open(PendingRequest pending, ByteBuffer body) {
    SealedAnswer answer = SealedAnswer.decode(body);
    PendingRequest.Answer opened = pending.open(answer.response());
    if (ReceiptVerifier.verify(
                genesis.encode(),
                answer.receipt(),
                answer.certificate(),
                ReceiptVerifier.Expected.of(genesis.clusterId(), pending, opened))
            .verdict()
        != Verdict.ACCEPT) {
      throw new AssertionError("the receipt does not verify");
    }
    return opened;
  }

  PendingRequest.Answer ask(PendingRequest pending) {
    return open(pending, serve(pending).body());
  }

  @Override
  public void close() {
    keys.close();
    models.close();
    watch.close();
  }
}
