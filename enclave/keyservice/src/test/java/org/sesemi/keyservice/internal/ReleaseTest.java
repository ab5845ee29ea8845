package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** Which keys are released to whom, by the decision of both parties. */
class ReleaseTest extends KeyServiceScene {

  @Test
  void grantAndRequestKeyTogetherReleaseBothKeys() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Provisioned released = world.provision(model, user.id(), key);
    assertThat(released.allowed())
        .containsExactly(new Provisioned.AllowedVersion(1, World.manifest(1), modelKey));
    assertThat(released.modelKeyId()).isEqualTo(modelKey);
    assertThat(released.lease().serviceTime()).isEqualTo(World.START);
    assertThat(released.lease().duration()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void neitherPartyAloneWidensAccess() {
    KeyId key = world.putRequestKey(user, model);
    refused("grant.none", () -> world.provision(model, user.id(), key));
    world.grantTo(owner, "m", user.id());
    refused("key.unknown", () -> world.provision(model, user.id(), KeyId.random(world.random)));
    refused(
        "runtime.measurement-not-granted",
        () -> world.provision(World.runtime(World.OTHER_CODE), model, user.id(), key));

    world.send(
        owner,
        new Operation.Grant(
            model,
            UserPosition.of(user.id()),
            World.policy(World.OTHER_CODE),
            VersionRule.current(),
            Operation.Grant.NEVER,
            IsolationLevel.SHARED));
    refused(
        "runtime.measurement-not-accepted",
        () -> world.provision(World.runtime(World.OTHER_CODE), model, user.id(), key));
  }

  @Test
  void configurationRootAndDebugCountAsMuchAsTheMeasurement() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Digest otherConfig = Digest.sha256(new byte[] {66});
    Bytes otherRoot = Bytes.of(Digest.sha256(new byte[] {67}).bytes());
    refused(
        "runtime.measurement-not-granted",
        () ->
            world.provision(
                World.runtime(World.ROOT, World.GOOD_CODE, otherConfig, false),
                model,
                user.id(),
                key));
    refused(
        "runtime.measurement-not-granted",
        () ->
            world.provision(
                World.runtime(otherRoot, World.GOOD_CODE, World.GOOD_CONFIG, false),
                model,
                user.id(),
                key));
    refused(
        "runtime.debug",
        () ->
            world.provision(
                World.runtime(World.ROOT, World.GOOD_CODE, World.GOOD_CONFIG, true),
                model,
                user.id(),
                key));
  }

  @Test
  void evidenceThatRanOutReleasesNothing() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    world.advance(Duration.ofDays(365));
    refused("runtime.evidence-expired", () -> world.provision(model, user.id(), key));
  }

  @Test
  void onlyTheAttestedReceiptKeyIsCertified() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Bytes attested = Bytes.of(Digest.sha256(new byte[] {1}).bytes());
    Bytes other = Bytes.of(Digest.sha256(new byte[] {2}).bytes());
    refused(
        "provision.receipt-key",
        () ->
            world.service.provision(
                World.runtime(World.GOOD_CODE),
                Bytes.of(new RuntimeClaims(attested).encode()),
                new Provision(model, user.id(), key, other, 1).encode()));
  }

  @Test
  void theCertificateNamesWhatWasAttested() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Provisioned released = world.provision(model, user.id(), key);
    InstanceCertificate certificate =
        InstanceCertificate.decode(
            Signed.decode(released.instanceCertificate().toArray())
                .verify(Signed.Label.INSTANCE, world.caKey.publicKey()));
    assertThat(certificate.measurement()).isEqualTo(World.GOOD_CODE);
    assertThat(certificate.configDigest()).isEqualTo(World.GOOD_CONFIG);
    assertThat(certificate.clusterId()).isEqualTo(world.clusterId());
    assertThat(certificate.epoch()).isEqualTo(1);
  }

  @Test
  void aRuntimeThatKnowsAHigherEpochIsNotServed() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Bytes receiptKey = Bytes.of(Digest.sha256(new byte[] {1}).bytes());
    refused(
        "epoch.behind",
        () ->
            world.service.provision(
                World.runtime(World.GOOD_CODE),
                Bytes.of(new RuntimeClaims(receiptKey).encode()),
                new Provision(model, user.id(), key, receiptKey, 2).encode()));
  }
}
