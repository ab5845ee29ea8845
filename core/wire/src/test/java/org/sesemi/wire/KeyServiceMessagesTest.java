package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

/**
 * The messages of the key service: one encoding each, nothing accepted twice, keys never printed.
 */
class KeyServiceMessagesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final byte[] SECRET = filled(32, 0x5e);
  private static final PartyId OWNER = PartyId.ofPublicKey(filled(32, 1));
  private static final PartyId USER = PartyId.ofPublicKey(filled(32, 2));
  private static final ModelId MODEL = new ModelId(OWNER, "tumour-screen");
  private static final KeyId KEY = KeyId.of(filled(16, 3));
  private static final Digest DIGEST = Digest.sha256(filled(1, 4));
  private static final GrantId GRANT = new GrantId(Bytes.of(filled(16, 5)));
  private static final Bytes POLICY = Bytes.of(filled(100, 6));

  /** A message beside its decoder, so that all are tested alike. */
  record Case(Object value, Bytes encoded, Function<byte[], Object> decode) {}

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static SecretField secret() {
    return SecretField.copyOf(SECRET);
  }

  private static Operation.Grant grant(UserPosition user, VersionRule rule) {
    return new Operation.Grant(
        MODEL, user, POLICY, rule, Operation.Grant.NEVER, IsolationLevel.SEQUENTIAL);
  }

  private static List<Operation> operations() {
    return List.of(
        new Operation.PublishModel(MODEL, 7, DIGEST, KEY),
        new Operation.PutModelKey(MODEL, KEY, secret()),
        new Operation.DeleteModelKey(MODEL, KEY),
        grant(UserPosition.of(USER), new VersionRule.AtLeast(3)),
        grant(new UserPosition.AnyoneAuthenticated(), VersionRule.current()),
        new Operation.ListGrants(MODEL, 64),
        new Operation.RevokeGrant(MODEL, GRANT),
        new Operation.PutRequestKey(MODEL, KEY, secret(), POLICY, IsolationLevel.EXCLUSIVE),
        new Operation.DeleteRequestKey(MODEL, KEY),
        new Operation.ListModels(0),
        new Operation.ShowModel(MODEL),
        new Operation.ReadAudit(12));
  }

  private static AuditEntry entry() {
    return new AuditEntry(
        4,
        NOW,
        "provision",
        false,
        "grant.expired",
        "the only grant ended yesterday",
        Bytes.of(filled(16, 9)),
        new AuditEntry.Subject(
            Optional.of(OWNER),
            Optional.of(MODEL),
            Optional.of(USER),
            Optional.of(DIGEST),
            Optional.of(DIGEST),
            Optional.of(GRANT),
            Optional.of(DIGEST),
            Optional.of(Bytes.of(filled(40, 8)))));
  }

  private static Provisioned provisioned() {
    return new Provisioned(
        List.of(new Provisioned.ReleasedKey(KEY, secret())),
        secret(),
        List.of(new Provisioned.AllowedVersion(7, DIGEST, KEY)),
        IsolationLevel.SHARED,
        new Lease(NOW, Duration.ofMinutes(5), 1000),
        Bytes.of(filled(200, 7)),
        1);
  }

  static Map<String, Case> cases() {
    Map<String, Case> all = new LinkedHashMap<>();
    for (Operation operation : operations()) {
      add(all, operation, operation.encode(), b -> Operation.decode(operation.name(), b));
    }
    AuditItem shown =
        new AuditItem(
            4,
            Digest.sha256(entry().encode()),
            Bytes.of(filled(64, 1)),
            Optional.of(Bytes.of(entry().encode())));
    AuditItem hidden = new AuditItem(5, DIGEST, Bytes.of(filled(64, 2)), Optional.empty());
    ModelVersion version = new ModelVersion(7, DIGEST, KEY, NOW);
    ModelSummary summary = new ModelSummary(MODEL, 7, true);
    GrantView view =
        new GrantView(
            GRANT,
            grant(UserPosition.of(USER), new VersionRule.Exactly(2)),
            NOW,
            Optional.of(NOW.plusSeconds(1)));
    List<OperationAnswer> answers =
        List.of(
            new OperationAnswer.Done(),
            new OperationAnswer.Granted(GRANT),
            new OperationAnswer.Grants(List.of(view), OptionalInt.of(64)),
            new OperationAnswer.Models(List.of(summary), OptionalInt.empty()),
            new OperationAnswer.Model(summary, List.of(version), List.of(view)),
            new OperationAnswer.Audit(DIGEST, List.of(shown, hidden), 6));
    for (OperationAnswer answer : answers) {
      add(all, answer, answer.encode(), OperationAnswer::decode);
    }
    Statement statement =
        Statement.of(operations().getFirst(), DIGEST, Bytes.of(filled(32, 1)), NOW, b -> {});
    add(all, statement, statement.encode(), Statement::decode);
    Provision provision = new Provision(MODEL, USER, KEY, Bytes.of(filled(32, 3)), 1);
    add(all, provision, provision.encode(), Provision::decode);
    add(all, provisioned(), provisioned().encode(), Provisioned::decode);
    ClusterStatus status = new ClusterStatus(Bytes.of(filled(150, 1)), 1, NOW);
    add(all, status, status.encode(), ClusterStatus::decode);
    RuntimeClaims claims = new RuntimeClaims(Bytes.of(filled(32, 3)));
    add(all, claims, claims.encode(), RuntimeClaims::decode);
    add(all, entry(), entry().encode(), AuditEntry::decode);
    return all;
  }

  private static void add(
      Map<String, Case> all, Object value, byte[] bytes, Function<byte[], Object> decode) {
    all.put(
        all.size() + " " + value.getClass().getSimpleName(),
        new Case(value, Bytes.of(bytes), decode));
  }

  @Test
  void everyMessageReadsBackAsItWasWritten() {
    cases()
        .forEach(
            (name, message) ->
                assertThat(message.decode().apply(message.encoded().toArray()))
                    .as(name)
                    .isEqualTo(message.value()));
  }

  @Test
  void everyChangeIsRefusedOrMeansSomethingElse() {
    var random = Property.random("key service messages under mutation");
    cases()
        .forEach(
            (name, message) ->
                Mutation.all(message.encoded().toArray(), random)
                    .forEach(
                        mutation -> {
                          Object read;
                          try {
                            read = message.decode().apply(mutation.bytes());
                          } catch (WireException refused) {
                            return;
                          }
                          assertThat(read)
                              .as("%s: %s", name, mutation.what())
                              .isNotEqualTo(message.value());
                        }));
  }

  @Test
  void everyMessageRefusesAnUnknownVersion() {
    cases()
        .forEach(
            (name, message) -> {
              byte[] changed = message.encoded().toArray();
              assertThat(changed[1]).as(name).isZero();
              changed[2] = 2;
              assertThatThrownBy(() -> message.decode().apply(changed))
                  .as(name)
                  .isInstanceOfSatisfying(
                      WireException.class, e -> assertThat(e.code()).isEqualTo("version.unknown"));
            });
  }

  @Test
  void noTextFormShowsAKey() {
    String hex = HexFormat.of().formatHex(SECRET);
    String characters = new String(SECRET, StandardCharsets.ISO_8859_1);
    for (Operation operation : operations()) {
      Statement statement = Statement.of(operation, DIGEST, Bytes.of(filled(32, 1)), NOW, b -> {});
      assertThat(operation + " " + statement).doesNotContain(hex, characters, "94, 94");
    }
    assertThat(provisioned().toString()).doesNotContain(hex, characters, "94, 94");
  }

  @Test
  void onlyOperationsWithAKeyHoldOne() {
    for (Operation operation : operations()) {
      boolean found =
          HexFormat.of().formatHex(operation.encode()).contains(HexFormat.of().formatHex(SECRET));
      assertThat(operation.holdsKey()).as(operation.name()).isEqualTo(found);
    }
  }

  @Test
  void closingTheAnswerWipesItsKeys() {
    Provisioned provisioned = provisioned();
    provisioned.close();
    assertThatThrownBy(() -> provisioned.requestKey().exposedCopy())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> provisioned.modelKey().exposedCopy())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAllowedVersionNeedsItsKey() {
    assertThatThrownBy(
            () ->
                new Provisioned(
                    List.of(),
                    secret(),
                    List.of(new Provisioned.AllowedVersion(7, DIGEST, KEY)),
                    IsolationLevel.SHARED,
                    new Lease(NOW, Duration.ofMinutes(5), 1000),
                    Bytes.of(filled(200, 7)),
                    1))
        .isInstanceOf(WireException.class);
  }

  @Test
  void anAuditEntryMustBeTheOneThatItsDigestNames() {
    assertThatThrownBy(
            () ->
                new AuditItem(
                    4, DIGEST, Bytes.of(filled(64, 1)), Optional.of(Bytes.of(entry().encode()))))
        .isInstanceOf(WireException.class);
  }

  @Test
  void anEntryConcernsActorUserAndOwnerOnly() {
    PartyId stranger = PartyId.ofPublicKey(filled(32, 77));
    assertThat(entry().subject().concerns(OWNER)).isTrue();
    assertThat(entry().subject().concerns(USER)).isTrue();
    assertThat(entry().subject().concerns(stranger)).isFalse();
    assertThat(AuditEntry.Subject.NONE.concerns(stranger)).isFalse();
  }
}
