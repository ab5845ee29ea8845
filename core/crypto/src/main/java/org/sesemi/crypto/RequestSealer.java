package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.SealedRequestHeader;
import org.sesemi.wire.VersionRule;

/**
 * The client's side of the envelope: seals requests and later opens their answers.
 *
 * <p>Guarantees: each request has a fresh salt, so its own key and nonce; every byte before the
 * ciphertext is authenticated; the length of the ciphertext tells the size of the content up to a
 * padding class only; the answer opens only for the request it was made for, once.
 *
 * <p>Thread-safe.
 */
public final class RequestSealer {

  private final CryptoProvider provider;
  private final RandomSource random;
  private final InstantSource clock;

  /**
   * Makes a sealer.
   *
   * @param provider the primitives
   * @param random the source of salts and request ids
   * @param clock the time written into requests
   */
  public RequestSealer(CryptoProvider provider, RandomSource random, InstantSource clock) {
    this.provider = requireNonNull(provider, "provider");
    this.random = requireNonNull(random, "random");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * What a client wants to ask.
   *
   * @param user who asks
   * @param model the model
   * @param versionRule the versions that are good enough
   * @param operation what to do
   * @param epoch the highest policy epoch of the cluster that the client knows
   * @param isolation the least isolation wanted
   * @param body the Open Inference Protocol body
   */
  public record Question(
      PartyId user,
      ModelId model,
      VersionRule versionRule,
      RequestContent.Operation operation,
      long epoch,
      IsolationLevel isolation,
      OipBody body) {

    /** Checks that everything is there. */
    public Question {
      requireNonNull(user, "user");
      requireNonNull(model, "model");
      requireNonNull(versionRule, "versionRule");
      requireNonNull(operation, "operation");
      requireNonNull(isolation, "isolation");
      requireNonNull(body, "body");
    }
  }

  /**
   * Seals a request.
   *
   * @param key the request key; it must stay open until the answer was opened
   * @param question what to ask
   * @return the sealed request and the state that opens its answer
   */
  public PendingRequest seal(RequestKey key, Question question) {
    SealedRequestHeader header =
        new SealedRequestHeader(
            question.user(),
            question.model(),
            question.versionRule(),
            key.id(),
            RequestId.random(random),
            clock.instant(),
            Bytes.random(random, SealedRequestHeader.SALT_LENGTH));
    RequestContent content =
        new RequestContent(
            question.operation(),
            question.epoch(),
            question.isolation(),
            Bytes.random(random, RequestContent.SALT_LENGTH),
            question.body());
    ByteBuffer envelope =
        SealedContent.seal(
            provider,
            EnvelopeFrame.Kind.REQUEST,
            header.encode(),
            EnvelopeKeys.request(key, header.salt()),
            content.around(),
            content.body().bytes());
    return new PendingRequest(
        provider,
        key,
        header,
        envelope.asReadOnlyBuffer(),
        Digest.sha256(envelope.duplicate()),
        Commitment.to(Commitment.Side.REQUEST, content.commitmentSalt(), content.body()),
        content.commitmentSalt());
  }
}
