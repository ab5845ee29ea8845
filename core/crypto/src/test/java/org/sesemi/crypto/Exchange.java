package org.sesemi.crypto;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipBody;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.VersionRule;

/** Both sides of one request, with all randomness from a seed. */
final class Exchange {

  static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

  final RandomSource random;
  final CryptoProvider provider;
  final IdentityKey user;
  final IdentityKey ca;
  final IdentityKey instance;
  final RequestKey key;
  final Genesis genesis;
  final Digest manifest;
  final Signed certificate;

  Exchange(RandomGenerator generator, CryptoProvider provider) {
    this.random = generator::nextBytes;
    this.provider = provider;
    this.user = IdentityKey.generate(random);
    this.ca = IdentityKey.generate(random);
    this.instance = IdentityKey.generate(random);
    this.key = RequestKey.generate(random);
    this.manifest = Digest.of(random.bytes(32));
    this.genesis =
        new Genesis(
            ca.publicKey(),
            NOW.minus(Duration.ofDays(1)),
            Digest.of(random.bytes(32)),
            Digest.of(random.bytes(32)),
            "simulated",
            Bytes.random(random, 32),
            1,
            Bytes.random(random, 32));
    this.certificate =
        Signed.sign(
            Signed.Label.INSTANCE,
            new InstanceCertificate(
                    instance.publicKey(),
                    genesis.measurement(),
                    genesis.configDigest(),
                    genesis.clusterId(),
                    1,
                    NOW.minusSeconds(60),
                    NOW.plusSeconds(3600))
                .encode(),
            ca);
  }

  PendingRequest ask(byte[] body) {
    return new RequestSealer(provider, random, InstantSource.fixed(NOW))
        .seal(
            key,
            new RequestSealer.Question(
                user.id(),
                new ModelId(user.id(), "forest"),
                new VersionRule.Current(),
                RequestContent.Operation.INFER,
                1,
                IsolationLevel.SHARED,
                OipBody.json(body)));
  }

  OpenedRequest open(ByteBuffer envelope) {
    return new RequestOpener(provider).open(envelope, key);
  }

  SealedAnswer answer(OpenedRequest request, byte[] body) {
    ResponseSealer sealer =
        new ResponseSealer(provider, random, genesis.measurement(), genesis.configDigest());
    ResponseContent content =
        new ResponseContent(sealer.commitmentSalt(), OipBody.json(body), Optional.empty());
    Digest requestDigest = request.digest();
    ByteBuffer sealed = sealer.seal(request, requestDigest, manifest, 1, content);
    Receipt receipt =
        new Receipt(
            requestDigest,
            Digest.sha256(sealed.duplicate()),
            Commitment.to(
                Commitment.Side.REQUEST,
                request.content().commitmentSalt(),
                request.content().body()),
            Commitment.to(Commitment.Side.RESPONSE, content.commitmentSalt(), content.body()),
            request.header().model(),
            1,
            manifest,
            Receipt.ORIGINAL,
            genesis.measurement(),
            genesis.configDigest(),
            NOW,
            IsolationLevel.SHARED,
            genesis.clusterId(),
            1,
            request.header().user(),
            request.header().requestId(),
            content.outcome());
    return new SealedAnswer(
        sealed, Signed.sign(Signed.Label.RECEIPT, receipt.encode(), instance), certificate);
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
