package org.sesemi.keyservice.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.Statement;

/** A process that makes grants for as long as it lives and says each one that was acknowledged. */
final class DurabilityWorker {

  static final Digest CODE = Digest.sha256("worker".getBytes(StandardCharsets.US_ASCII));
  static final Bytes CONFIG =
      Bytes.of(
          "{\"apiVersion\":\"sesemi/v1\",\"platform\":\"simulated\"}"
              .getBytes(StandardCharsets.UTF_8));

  private DurabilityWorker() {}

  static IdentityKey owner() {
    return IdentityKey.ofSeed(SecretBytes.takeOver(World.seeded(17).bytes(32)));
  }

  static ModelId model() {
    return new ModelId(owner().id(), "m");
  }

  static OpenCluster open(Path folder) {
    return OpenCluster.open(
        folder.resolve("data"),
        new FilePlatform(folder.resolve("platform"), CODE, CONFIG),
        CryptoProvider.jdk(),
        InstantSource.system(),
        RandomSource.secure());
  }

  static OperationAnswer send(OpenCluster cluster, Operation operation) {
    RandomSource random = RandomSource.secure();
    IdentityKey owner = owner();
    Statement statement =
        Statement.of(
            operation,
            cluster.service().status().clusterId(),
            owner.publicKey().value(),
            Instant.now(),
            random);
    return cluster
        .service()
        .state(
            owner.publicKey(),
            Signed.sign(Signed.Label.STATEMENT, statement.encode(), owner).encode());
  }

  /**
   * Works until it is killed.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) {
    RandomSource random = RandomSource.secure();
    OpenCluster cluster = open(Path.of(arguments[0]));
    var models = (OperationAnswer.Models) send(cluster, new Operation.ListModels(0));
    if (models.models().isEmpty()) {
      KeyId key = KeyId.random(random);
      send(cluster, new Operation.PutModelKey(model(), key, SecretField.copyOf(random.bytes(32))));
      send(cluster, new Operation.PublishModel(model(), 1, World.manifest(1), key));
    }
    while (true) {
      PartyId user = PartyId.ofPublicKey(random.bytes(32));
      var granted = (OperationAnswer.Granted) send(cluster, World.grant(model(), user));
      System.out.println(granted.id().hex());
      System.out.flush();
    }
  }
}
