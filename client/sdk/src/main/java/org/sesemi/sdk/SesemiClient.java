package org.sesemi.sdk;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.ModelKey;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.crypto.RequestContent;
import org.sesemi.crypto.RequestKey;
import org.sesemi.crypto.RequestSealer;
import org.sesemi.crypto.SealedAnswer;
import org.sesemi.sdk.internal.FastProvider;
import org.sesemi.sdk.internal.ModelSealer;
import org.sesemi.sdk.internal.PackerChannel;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelMetadata;
import org.sesemi.wire.ModelSummary;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PackageLocation;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RemoteException;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.VerificationRecord;
import org.sesemi.wire.VersionRule;

/**
 * What an owner or user does with one identity: publish models, grant their use, and send sealed
 * requests.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Keys and statements go only to a key service whose evidence satisfies the policy, that
 *       names the pinned cluster, and whose epoch is not lower than any seen before.
 *   <li>Models and requests leave this process sealed. What carries them learns sizes, times and
 *       names.
 *   <li>An answer is returned only when it opened, is for this request, is the first one, and its
 *       receipt verifies, down to a runtime that the policy names.
 * </ul>
 *
 * <p>Thread-safe. It connects to the key service when that is first needed; requests for which a
 * key is at hand need no key service.
 */
public final class SesemiClient implements AutoCloseable {

  private static final int LIST_LIMIT = 100_000;

  private final ClientConfig config;
  private final IdentityKey identity;
  private final KeyServiceConnection keyService;
  private final RequestKeys requestKeys;
  private final RandomSource random = RandomSource.secure();
  private final CryptoProvider crypto = FastProvider.get();
  private final PackerChannel packer;
  private final RequestSealer sealer;

  /**
   * Makes a client, which does not connect yet.
   *
   * @param config where things are, and what they must prove to be
   * @param identity who acts; the client closes it
   * @param trust what is remembered of clusters
   * @param requestKeys the user's keys of requests
   */
  public SesemiClient(
      ClientConfig config, IdentityKey identity, TrustStore trust, RequestKeyStore requestKeys) {
    this.config = requireNonNull(config, "config");
    this.identity = requireNonNull(identity, "identity");
    InstantSource clock = InstantSource.system();
    this.keyService =
        new KeyServiceConnection(config, identity, requireNonNull(trust, "trust"), random, clock);
    this.requestKeys =
        new RequestKeys(
            requireNonNull(requestKeys, "requestKeys"),
            keyService,
            identity.id(),
            config.runtimePolicy(),
            random);
    this.packer = new PackerChannel(config.packer());
    this.sealer = new RequestSealer(crypto, random, clock);
  }

  /** {@return who acts} */
  public PartyId id() {
    return identity.id();
  }

  /**
   * Connects to the key service unless that has happened already.
   *
   * @return what the key service says about itself, proven by its evidence
   */
  public ClusterStatus connect() {
    return keyService.status();
  }

  /** {@return each step of how the key service proved itself} */
  public VerificationRecord connectionRecord() {
    return keyService.record();
  }

  /**
   * Seals a model into the storage folder and makes it the current version.
   *
   * @param model the model
   * @param name what to call it
   * @return what was published
   */
  public Publication publish(ModelFile model, String name) {
    ModelId modelId = new ModelId(id(), name);
    long version = currentVersion(modelId) + 1;
    try (ModelKey key = ModelKey.generate(random)) {
      ModelSealer.Sealed sealed =
          new ModelSealer(crypto, random).seal(model, modelId, version, key, config.storage());
      try {
        hand(modelId, key);
        var _ =
            keyService.perform(
                new Operation.PublishModel(modelId, version, sealed.manifestDigest(), key.id()),
                OperationAnswer.Done.class);
      } catch (RuntimeException e) {
        sealed.delete();
        throw e;
      }
      return new Publication(
          modelId,
          version,
          sealed.manifestDigest(),
          model.size(),
          sealed.size(),
          new PackageLocation(modelId, version).in(config.storage()));
    }
  }

  private void hand(ModelId modelId, ModelKey key) {
    byte[] raw = key.secret(InsecureSecretAccess.get()).reveal(InsecureSecretAccess.get());
    try (SecretField field = SecretField.copyOf(raw)) {
      var _ =
          keyService.perform(
              new Operation.PutModelKey(modelId, key.id(), field), OperationAnswer.Done.class);
    } finally {
      java.util.Arrays.fill(raw, (byte) 0);
    }
  }

  private long currentVersion(ModelId modelId) {
    return models().stream()
        .filter(summary -> summary.modelId().equals(modelId))
        .mapToLong(ModelSummary::currentVersion)
        .max()
        .orElse(0);
  }

  /**
   * Allows a user to use a model.
   *
   * @param terms who may use what, where and until when
   * @return the name of the grant
   */
  public GrantId grant(Operation.Grant terms) {
    return keyService.perform(terms, OperationAnswer.Granted.class).id();
  }

  /**
   * {@return all grants of a model of one's own, oldest first}
   *
   * @param modelId the model
   */
  public List<GrantView> grants(ModelId modelId) {
    List<GrantView> all = new ArrayList<>();
    OptionalInt next = OptionalInt.of(0);
    while (next.isPresent() && all.size() < LIST_LIMIT) {
      OperationAnswer.Grants part =
          keyService.perform(
              new Operation.ListGrants(modelId, next.getAsInt()), OperationAnswer.Grants.class);
      all.addAll(part.grants());
      next = part.next();
    }
    return all;
  }

  /**
   * Ends a grant.
   *
   * @param modelId the model
   * @param grant the grant
   */
  public void revoke(ModelId modelId, GrantId grant) {
    var _ =
        keyService.perform(new Operation.RevokeGrant(modelId, grant), OperationAnswer.Done.class);
  }

  /** {@return the models that one owns or has a grant for} */
  public List<ModelSummary> models() {
    List<ModelSummary> all = new ArrayList<>();
    OptionalInt next = OptionalInt.of(0);
    while (next.isPresent() && all.size() < LIST_LIMIT) {
      OperationAnswer.Models part =
          keyService.perform(
              new Operation.ListModels(next.getAsInt()), OperationAnswer.Models.class);
      all.addAll(part.models());
      next = part.next();
    }
    return all;
  }

  /**
   * {@return what the key service knows of a model}
   *
   * @param modelId the model
   */
  public OperationAnswer.Model model(ModelId modelId) {
    return keyService.perform(new Operation.ShowModel(modelId), OperationAnswer.Model.class);
  }

  /** {@return the models that a request key is at hand for, without asking anybody} */
  public List<ModelId> modelsWithKeys() {
    return config.clusterId().map(requestKeys::models).orElse(List.of());
  }

  /**
   * Makes sure that a request key is at hand and that the key service has it.
   *
   * @param modelId the model that requests go to
   */
  public void prepare(ModelId modelId) {
    try (RequestKey key = requestKeys.get(modelId)) {
      requireNonNull(key, "key");
    }
  }

  /**
   * Sends one request and returns its answer.
   *
   * @param modelId the model
   * @param request the request
   * @param versions the versions that may answer
   * @param limit how long to wait
   * @return the answer, proven
   */
  public Answer infer(ModelId modelId, InferRequest request, VersionRule versions, Duration limit) {
    return infer(modelId, OipCodec.encode(request, OipCodec.Form.BINARY), versions, limit);
  }

  /**
   * Sends one request, its body exactly as given, and returns its answer.
   *
   * @param modelId the model
   * @param body the Open Inference Protocol body
   * @param versions the versions that may answer
   * @param limit how long to wait
   * @return the answer, proven
   */
  public Answer infer(ModelId modelId, OipBody body, VersionRule versions, Duration limit) {
    try {
      return inferOnce(modelId, body, versions, limit);
    } catch (RemoteException e) {
      if (!e.code().equals("key.unknown")) {
        throw e;
      }
      // The key service has lost the key, or never got it: hand over a new one, once.
      requestKeys.remove(modelId);
      return inferOnce(modelId, body, versions, limit);
    }
  }

  private Answer inferOnce(ModelId modelId, OipBody body, VersionRule versions, Duration limit) {
    try (SealedExchange exchange = seal(modelId, body, versions)) {
      return open(exchange, packer.send(exchange.sealed(), exchange.requestId(), limit));
    }
  }

  /**
   * Asks a model what it takes and gives.
   *
   * @param modelId the model
   * @param versions the versions that may answer
   * @param limit how long to wait
   * @return what it takes and gives
   */
  public ModelMetadata metadata(ModelId modelId, VersionRule versions, Duration limit) {
    try (SealedExchange exchange =
        seal(modelId, OipBody.json(new byte[0]), versions, RequestContent.Operation.METADATA)) {
      PackerChannel.Received received = packer.send(exchange.sealed(), exchange.requestId(), limit);
      return OipCodec.decodeMetadata(opened(exchange, received).answer().content().body());
    }
  }

  /**
   * Seals a request without sending it.
   *
   * @param modelId the model
   * @param body the Open Inference Protocol body
   * @param versions the versions that may answer
   * @return the sealed request, which waits for its answer
   */
  public SealedExchange seal(ModelId modelId, OipBody body, VersionRule versions) {
    return seal(modelId, body, versions, RequestContent.Operation.INFER);
  }

  private SealedExchange seal(
      ModelId modelId, OipBody body, VersionRule versions, RequestContent.Operation operation) {
    long began = System.nanoTime();
    RequestKey key = requestKeys.get(modelId);
    PendingRequest pending =
        sealer.seal(
            key,
            new RequestSealer.Question(
                id(),
                modelId,
                versions,
                operation,
                keyService.epoch(),
                IsolationLevel.SHARED,
                body));
    return new SealedExchange(pending, key, modelId, body.bytes().remaining(), began);
  }

  /**
   * Sends a sealed request over the packer.
   *
   * @param exchange the request
   * @param limit how long to wait
   * @return its answer
   */
  public Answer send(SealedExchange exchange, Duration limit) {
    return open(exchange, packer.send(exchange.sealed(), exchange.requestId(), limit));
  }

  /**
   * Sends sealed bytes as they are and returns what comes back, unopened.
   *
   * @param requestId the request's name, for logs
   * @param sealed the sealed request
   * @param limit how long to wait
   * @return the sealed answer
   */
  public byte[] transmit(RequestId requestId, byte[] sealed, Duration limit) {
    return packer.send(sealed, requestId, limit).body().toArray();
  }

  /**
   * Opens and proves an answer that came by another way.
   *
   * @param exchange the request
   * @param answer the sealed answer
   * @return the answer
   */
  public Answer open(SealedExchange exchange, byte[] answer) {
    return open(
        exchange,
        new PackerChannel.Received(Bytes.of(answer), Optional.empty(), java.util.Map.of()));
  }

  private Answer open(SealedExchange exchange, PackerChannel.Received received) {
    Opened opened = opened(exchange, received);
    OipBody body = opened.answer().content().body();
    return new Answer(
        OipCodec.decodeResponse(body),
        exchange.modelId(),
        opened.answer().header().modelVersion(),
        exchange.requestId(),
        opened.bundle(),
        opened.record(),
        received.path(),
        received.stages(),
        Duration.ofNanos(System.nanoTime() - exchange.beganNanos()),
        (long) exchange.pending().envelope().remaining() + received.body().length(),
        exchange.plainBytes() + body.bytes().remaining());
  }

  private record Opened(
      PendingRequest.Answer answer, ReceiptBundle bundle, VerificationRecord record) {}

  /** Opens an answer and proves it before anybody looks at what it says. */
  private Opened opened(SealedExchange exchange, PackerChannel.Received received) {
    SealedAnswer sealed = SealedAnswer.decode(received.body().toBuffer());
    PendingRequest.Answer answer = exchange.pending().open(sealed.response());
    ReceiptBundle bundle =
        ReceiptBundle.of(
            keyService.genesis(),
            sealed.receipt(),
            sealed.certificate(),
            exchange.pending(),
            answer);
    VerificationRecord record =
        ReceiptCheck.verify(
            bundle,
            Optional.of(keyService.cluster()),
            Optional.of(config.runtimePolicy()),
            Optional.empty(),
            Optional.empty());
    if (!record.accepted()) {
      throw new SdkException(
          SdkException.Code.RECEIPT_INVALID,
          record.failing().map(check -> check.name() + ": " + check.reason()).orElse("no proof"));
    }
    if (answer.content().problem().isPresent()) {
      throw new RemoteException(answer.content().problem().get());
    }
    return new Opened(answer, bundle, record);
  }

  /** Ends all connections and wipes the identity. */
  @Override
  public void close() {
    keyService.close();
    packer.close();
    identity.close();
  }
}
