package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** A key service without sockets and without a medium, an owner with one model, and a user. */
class KeyServiceScene {

  final MemoryStore store = new MemoryStore();
  final World world = new World(store, 1);
  final Party owner = world.party();
  final Party user = world.party();
  final Party stranger = world.party();
  ModelId model = owner.model("m");
  KeyId modelKey = KeyId.random(world.random);

  @BeforeEach
  void publish() {
    model = owner.model("m");
    modelKey = world.publish(owner, "m", 1);
  }

  static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  AuditEntry lastEntry() {
    return AuditEntry.decode(
        store.readAudit(store.readAudit(0, 100_000).size() - 1L, 1).getFirst().entry().toArray());
  }

  List<?> grants() {
    return ((OperationAnswer.Grants) world.send(owner, new Operation.ListGrants(model, 0)))
        .grants();
  }

  Operation.Grant grantWith(Party to, VersionRule rule, IsolationLevel isolation) {
    return new Operation.Grant(
        model,
        UserPosition.of(to.id()),
        World.policy(World.GOOD_CODE),
        rule,
        Operation.Grant.NEVER,
        isolation);
  }

  static List<Long> versions(Provisioned released) {
    return released.allowed().stream().map(Provisioned.AllowedVersion::version).toList();
  }
}
