package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sesemi.crypto.Signed;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.Provision;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.Statement;

/** Every change of every message ends in a coded refusal and changes nothing. */
class HostileMessagesTest {

  private final MemoryStore store = new MemoryStore();
  private final World world = new World(store, 3);
  private final Party owner = world.party();
  private final Party user = world.party();
  private final ModelId model = owner.model("m");
  private KeyId modelKey = KeyId.random(world.random);
  private KeyId requestKey = KeyId.random(world.random);
  private GrantId grant = GrantId.random(world.random);

  @BeforeEach
  void publish() {
    modelKey = world.publish(owner, "m", 1);
    requestKey = world.putRequestKey(user, model);
    grant = world.grantTo(owner, "m", user.id());
  }

  private List<Operation> operations() {
    return List.of(
        new Operation.PublishModel(model, 2, World.manifest(2), modelKey),
        new Operation.PutModelKey(model, KeyId.random(world.random), world.secret()),
        new Operation.DeleteModelKey(model, modelKey),
        World.grant(model, user.id()),
        new Operation.ListGrants(model, 0),
        new Operation.RevokeGrant(model, grant),
        new Operation.PutRequestKey(
            model,
            KeyId.random(world.random),
            world.secret(),
            World.policy(World.GOOD_CODE),
            IsolationLevel.SHARED),
        new Operation.DeleteRequestKey(model, requestKey),
        new Operation.ListModels(0),
        new Operation.ShowModel(model),
        new Operation.ReadAudit(0));
  }

  /** What owner, user and runtime can see of the state, for comparing before and after. */
  private record Visible(
      List<GrantView> grants, OperationAnswer model, List<?> allowed, int recordsWithoutNonces) {}

  private Visible visible() {
    var grants = (OperationAnswer.Grants) world.send(owner, new Operation.ListGrants(model, 0));
    OperationAnswer shown = world.send(owner, new Operation.ShowModel(model));
    try (var released = world.provision(model, user.id(), requestKey)) {
      return new Visible(grants.grants(), shown, released.allowed(), store.countWithoutNonces());
    }
  }

  @Test
  void everyChangeOfASignedStatementIsRefusedAndChangesNothing() {
    var random = Property.random("signed statements under mutation");
    Visible before = visible();
    for (Operation operation : operations()) {
      byte[] signed = world.sign(owner, operation);
      Mutation.all(signed, random)
          .forEach(
              mutation ->
                  assertThat(refusal(() -> state(owner, mutation.bytes())))
                      .as("%s: %s", operation.name(), mutation.what())
                      .isNotEmpty());
    }
    assertThat(visible()).isEqualTo(before);
  }

  @Test
  void aStatementChangedAndSignedByAStrangerChangesNothing() {
    var random = Property.random("statements changed inside and signed by a stranger");
    Party stranger = world.party();
    world.send(stranger, new Operation.ListModels(0));
    Visible before = visible();
    for (Operation operation : operations()) {
      Statement statement =
          Statement.of(
              operation,
              world.clusterId(),
              stranger.key().publicKey().value(),
              world.clock.get(),
              world.random);
      byte[] payload = statement.encode();
      Stream.concat(Stream.of(new Mutation("unchanged", payload)), Mutation.all(payload, random))
          .forEach(
              mutation -> {
                // A stranger may ask for a lot; it may only not reach what is another's.
                byte[] signed =
                    Signed.sign(Signed.Label.STATEMENT, mutation.bytes(), stranger.key()).encode();
                refusal(() -> state(stranger, signed));
              });
    }
    Visible after = visible();
    assertThat(after.grants()).isEqualTo(before.grants());
    assertThat(after.model()).isEqualTo(before.model());
    assertThat(after.allowed()).isEqualTo(before.allowed());
  }

  @Test
  void everyChangeOfAProvisioningRequestReleasesNothing() {
    var random = Property.random("provisioning requests under mutation");
    Bytes receiptKey = Bytes.of(Digest.sha256(new byte[] {42}).bytes());
    byte[] message = new Provision(model, user.id(), requestKey, receiptKey, 1).encode();
    Bytes claims = Bytes.of(new RuntimeClaims(receiptKey).encode());
    Visible before = visible();
    Mutation.all(message, random)
        .forEach(
            mutation ->
                assertThat(refusal(() -> provision(claims, mutation.bytes())))
                    .as(mutation.what())
                    .isNotEmpty());
    Mutation.all(claims.toArray(), random)
        .forEach(
            mutation ->
                assertThat(refusal(() -> provision(Bytes.of(mutation.bytes()), message)))
                    .as("claims: %s", mutation.what())
                    .isNotEmpty());
    assertThat(visible()).isEqualTo(before);
  }

  @Test
  void everyRefusalIsInTheLog() {
    var random = Property.random("refusals and the log");
    byte[] signed = world.sign(owner, World.grant(model, user.id()));
    int before = store.readAudit(0, 100_000).size();
    List<Mutation> mutations = Mutation.swaps(signed, 16, random, 20).toList();
    mutations.forEach(mutation -> refusal(() -> state(owner, mutation.bytes())));
    assertThat(store.readAudit(0, 100_000)).hasSize(before + mutations.size());
  }

  private void state(Party party, byte[] signed) {
    world.service.state(party.key().publicKey(), signed);
  }

  private void provision(Bytes claims, byte[] message) {
    world.service.provision(World.runtime(World.GOOD_CODE), claims, message).close();
  }

  /** {@return the code of the refusal, or nothing when there was none} */
  private static List<String> refusal(Runnable attack) {
    List<String> codes = new ArrayList<>();
    try {
      attack.run();
    } catch (CodedException e) {
      codes.add(e.code());
    }
    return codes;
  }
}
