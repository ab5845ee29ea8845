package org.sesemi.runtime.internal;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.sesemi.crypto.Commitment;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.OpenedRequest;
import org.sesemi.crypto.Receipt;
import org.sesemi.crypto.RequestContent;
import org.sesemi.crypto.RequestOpener;
import org.sesemi.crypto.ResponseContent;
import org.sesemi.crypto.ResponseSealer;
import org.sesemi.crypto.SealedAnswer;
import org.sesemi.crypto.Signed;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.spi.InferenceContext;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelMetadata;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.OipException;
import org.sesemi.wire.Problem;
import org.sesemi.wire.Provisioned.AllowedVersion;
import org.sesemi.wire.SealedRequestHeader;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.TensorMetadata;

/**
 * The way of one request from sealed input to sealed answer.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Nothing of a request is acted on before its seal was checked with a key that the key
 *       service released for this user, model and runtime; before that, only its clear header leads
 *       to a fetch of keys.
 *   <li>Only the package that the key service names now is run.
 *   <li>Failures that depend on the request's content or on the model's travel sealed; all others
 *       hold only what the clear header says.
 *   <li>The plaintext of a request is wiped before the answer leaves.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RequestServer {

  private static final int KEY_ATTEMPTS = 3;
  private static final int ALIGNMENT = 64;
  private static final OipBody EMPTY = OipBody.json(new byte[0]);

  /**
   * What a request server stands on.
   *
   * @param clock the time of day
   * @param ticker a clock in nanoseconds that never goes back
   * @param provider the primitives
   * @param identity who the instance is
   * @param keySource where keys come from
   * @param store where packages lie
   * @param loader how models are loaded
   * @param platformName format and engine as the protocol names them
   */
  public record Parts(
      InstantSource clock,
      LongSupplier ticker,
      CryptoProvider provider,
      Identity identity,
      KeySource keySource,
      PackageStore store,
      ModelLoader loader,
      Supplier<String> platformName) {}

  /**
   * Who this instance is, in its receipts.
   *
   * @param receiptKey signs receipts
   * @param measurement the code
   * @param configDigest its configuration
   * @param cluster the key service cluster
   * @param sealer seals answers
   */
  public record Identity(
      IdentityKey receiptKey,
      Digest measurement,
      Digest configDigest,
      Digest cluster,
      ResponseSealer sealer) {}

  /**
   * An answer and how it came about.
   *
   * @param body the encoded sealed answer
   * @param temperature how much was there
   * @param outcome {@code ok} or {@code error}
   */
  public record Answer(ByteBuffer body, Temperature temperature, String outcome) {}

  private final Parts parts;
  private final KeyCache<RuntimeKeys> keys;
  private final ModelCache models;
  private final ReplayWindow replays;
  private final Admission admission;
  private final DeadlineWatch watch;
  private final AtomicBoolean answered = new AtomicBoolean();

  /** The package of each model that was served last: what need not be read ahead. */
  private final Map<ModelId, Digest> served = new ConcurrentHashMap<>();

  /**
   * Makes a server.
   *
   * @param parts what it stands on
   * @param keys the keys in memory
   * @param models the models in memory
   * @param replays the requests already seen
   * @param admission the bounds
   * @param watch stops runs that take too long
   */
  public RequestServer(
      Parts parts,
      KeyCache<RuntimeKeys> keys,
      ModelCache models,
      ReplayWindow replays,
      Admission admission,
      DeadlineWatch watch) {
    this.parts = parts;
    this.keys = keys;
    this.models = models;
    this.replays = replays;
    this.admission = admission;
    this.watch = watch;
  }

  /**
   * Serves one sealed request.
   *
   * @param envelope the sealed request
   * @param deadline until when
   * @param times where to note how long the stages took
   */
  public Answer serve(ByteBuffer envelope, Deadline deadline, StageTimes times) {
    SealedRequestHeader header = RequestOpener.header(envelope);
    replays.checkTime(header.time());
    long epoch = 1;
    for (int attempt = 1; ; attempt++) {
      // The plaintext's memory goes back at once: waiting for a collector would let it pile up.
      try (KeyCache<RuntimeKeys>.Use use = keys(header, epoch, deadline, times);
          Arena memory = Arena.ofConfined();
          OpenedRequest request = open(envelope, use, memory, times)) {
        if (use.epoch() < request.content().epoch()) {
          use.drop();
          epoch = request.content().epoch();
          requireAnotherAttempt(attempt, FunctionException.Code.EPOCH_BEHIND);
        } else if (use.spend()) {
          return serve(request, use, deadline, times);
        } else {
          requireAnotherAttempt(attempt, FunctionException.Code.BUSY);
        }
      }
    }
  }

  private OpenedRequest open(
      ByteBuffer envelope, KeyCache<RuntimeKeys>.Use use, Arena memory, StageTimes times) {
    RequestOpener opener =
        new RequestOpener(
            parts.provider(), size -> memory.allocate(size, ALIGNMENT).asByteBuffer());
    return times.time(Stage.OPEN, () -> opener.open(envelope, use.keys().requestKey()));
  }

  private static void requireAnotherAttempt(int attempt, FunctionException.Code code) {
    if (code == FunctionException.Code.EPOCH_BEHIND && attempt > 1) {
      throw new FunctionException(code, "the key service is behind the epoch of the request");
    }
    if (attempt >= KEY_ATTEMPTS) {
      throw new FunctionException(code, "the keys were used up by other requests");
    }
  }

  private KeyCache<RuntimeKeys>.Use keys(
      SealedRequestHeader header, long epoch, Deadline deadline, StageTimes times) {
    KeyCache.Slot slot = new KeyCache.Slot(header.user(), header.model(), header.requestKey());
    long start = parts.ticker().getAsLong();
    KeyCache<RuntimeKeys>.Use use =
        keys.acquire(
            slot,
            () -> {
              Thread.ofVirtual().name("read-ahead").start(() -> readAhead(header));
              return parts.keySource().fetch(slot, epoch, times);
            },
            deadline);
    if (!use.hot()) {
      times.add(Stage.KEYS, parts.ticker().getAsLong() - start);
    }
    return use;
  }

  private void readAhead(SealedRequestHeader header) {
    Digest last = served.get(header.model());
    if (last == null || !models.contains(last)) {
      parts.store().readAhead(header.model(), header.versionRule());
    }
  }

  private Answer serve(
      OpenedRequest request, KeyCache<RuntimeKeys>.Use use, Deadline deadline, StageTimes times) {
    SealedRequestHeader header = request.header();
    replays.accept(header.user(), header.requestId(), header.time());
    boolean done = false;
    try {
      IsolationLevel isolation =
          IsolationLevel.strictest(use.keys().isolation(), request.content().isolation());
      if (isolation != IsolationLevel.SHARED) {
        throw new FunctionException(
            FunctionException.Code.ISOLATION_UNSUPPORTED,
            "this runtime does not offer the isolation level " + isolation.text());
      }
      AllowedVersion version = use.keys().choose(header.versionRule());
      Produced produced = produce(request, use, version, deadline, times);
      Answer answer =
          times.time(Stage.SEAL, () -> seal(request, use, version, isolation, produced));
      done = true;
      return answer;
    } finally {
      if (!done) {
        // Nothing was answered: whoever carries requests may send this one again.
        replays.forget(header.user(), header.requestId(), header.time());
      }
    }
  }

  /** What is to be sealed, and whether everything was there to make it. */
  private record Produced(OipBody body, Optional<Problem> problem, boolean hot) {}

  private Produced produce(
      OpenedRequest request,
      KeyCache<RuntimeKeys>.Use use,
      AllowedVersion version,
      Deadline deadline,
      StageTimes times) {
    boolean hot = use.hot();
    try (ModelCache.Use model = model(request, use, version, deadline, times)) {
      hot = hot && model.hot();
      ModelMetadata metadata = metadata(request.header(), version, model.model());
      OipBody body =
          switch (request.content().operation()) {
            case METADATA -> OipCodec.encode(metadata);
            case INFER -> infer(request, model, metadata, deadline, times);
          };
      return new Produced(body, Optional.empty(), hot);
    } catch (OipException e) {
      return new Produced(EMPTY, Optional.of(Problem.of(e)), hot);
    } catch (ModelException e) {
      return new Produced(EMPTY, Optional.of(Problem.of(sealable(e))), hot);
    }
  }

  /** Lets failures through that say nothing about the content: those the carrier should see. */
  private static ModelException sealable(ModelException e) {
    if (e.errorCode() == ModelException.Code.TERMINATED) {
      throw Deadline.over();
    }
    if (e.errorCode() == ModelException.Code.OUT_OF_MEMORY) {
      throw e;
    }
    return e;
  }

  private ModelCache.Use model(
      OpenedRequest request,
      KeyCache<RuntimeKeys>.Use use,
      AllowedVersion version,
      Deadline deadline,
      StageTimes times) {
    SealedRequestHeader header = request.header();
    ModelCache.Use model =
        models.acquire(
            version.manifestDigest(),
            () -> {
              // The load can outlive this request, so it holds the keys itself.
              KeyCache<RuntimeKeys>.Use forLoading = use.again();
              return room -> load(header, version, forLoading, room, times);
            },
            deadline);
    served.put(header.model(), version.manifestDigest());
    return model;
  }

  private LoadedModel load(
      SealedRequestHeader header,
      AllowedVersion version,
      KeyCache<RuntimeKeys>.Use use,
      ModelCache.Room room,
      StageTimes times) {
    try (use) {
      return parts
          .loader()
          .load(header.model(), version, use.keys().modelKey(version), room, times);
    }
  }

  private ModelMetadata metadata(
      SealedRequestHeader header, AllowedVersion version, LoadedModel model) {
    return new ModelMetadata(
        header.model().text(),
        List.of(Long.toString(version.version())),
        parts.platformName().get(),
        model.inputs(),
        model.outputs());
  }

  private OipBody infer(
      OpenedRequest request,
      ModelCache.Use model,
      ModelMetadata metadata,
      Deadline deadline,
      StageTimes times) {
    InferRequest infer = OipCodec.decodeRequest(request.content().body(), metadata);
    List<String> wanted = wanted(infer, metadata);
    List<Tensor> outputs;
    long queued = parts.ticker().getAsLong();
    try (Admission.Pass _ = admission.infer(deadline)) {
      times.add(Stage.QUEUE, parts.ticker().getAsLong() - queued);
      outputs = times.time(Stage.INFER, () -> run(model, infer, wanted, deadline));
    }
    InferResponse response =
        new InferResponse(
            metadata.name(),
            Optional.of(metadata.versions().getFirst()),
            infer.id(),
            Map.of(),
            outputs);
    return OipCodec.encode(response, infer);
  }

  private static List<String> wanted(InferRequest infer, ModelMetadata metadata) {
    List<String> wanted = new ArrayList<>();
    infer.outputs().forEach(output -> wanted.add(output.name()));
    if (wanted.isEmpty()) {
      metadata.outputs().stream().map(TensorMetadata::name).forEach(wanted::add);
    }
    return wanted;
  }

  private List<Tensor> run(
      ModelCache.Use model, InferRequest infer, List<String> wanted, Deadline deadline) {
    InferenceContext context = model.context();
    DeadlineWatch.Guard guard = watch.watch(deadline, context::terminate);
    boolean stopped = false;
    try {
      List<Tensor> outputs = context.run(infer.inputs(), wanted);
      stopped = guard.stopped();
      if (!stopped) {
        return outputs;
      }
    } catch (ModelException e) {
      stopped = guard.stopped();
      throw e;
    } finally {
      if (stopped) {
        // A stopped context stays stopped.
        model.discardContext();
      }
    }
    throw Deadline.over();
  }

  private Answer seal(
      OpenedRequest request,
      KeyCache<RuntimeKeys>.Use use,
      AllowedVersion version,
      IsolationLevel isolation,
      Produced produced) {
    Identity identity = parts.identity();
    Digest requestDigest = request.digest();
    ResponseContent content =
        new ResponseContent(
            identity.sealer().commitmentSalt(), produced.body(), produced.problem());
    ByteBuffer response =
        identity
            .sealer()
            .seal(request, requestDigest, version.manifestDigest(), version.version(), content);
    RequestContent asked = request.content();
    SealedRequestHeader header = request.header();
    Receipt receipt =
        new Receipt(
            requestDigest,
            Digest.sha256(response.duplicate()),
            Commitment.to(Commitment.Side.REQUEST, asked.commitmentSalt(), asked.body()),
            Commitment.to(Commitment.Side.RESPONSE, content.commitmentSalt(), content.body()),
            header.model(),
            version.version(),
            version.manifestDigest(),
            Receipt.ORIGINAL,
            identity.measurement(),
            identity.configDigest(),
            parts.clock().instant(),
            isolation,
            identity.cluster(),
            use.epoch(),
            header.user(),
            header.requestId(),
            content.outcome());
    Signed signed = Signed.sign(Signed.Label.RECEIPT, receipt.encode(), identity.receiptKey());
    ByteBuffer body = new SealedAnswer(response, signed, use.keys().certificate()).encode();
    return new Answer(body, temperature(produced.hot()), content.outcome());
  }

  private Temperature temperature(boolean hot) {
    boolean first = answered.compareAndSet(false, true);
    return first ? Temperature.COLD : hot ? Temperature.HOT : Temperature.WARM;
  }
}
