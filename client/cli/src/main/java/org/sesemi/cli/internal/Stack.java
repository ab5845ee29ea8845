package org.sesemi.cli.internal;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.sdk.ClientConfig;
import org.sesemi.sdk.RequestKeyStore;
import org.sesemi.sdk.SdkException;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.sdk.TrustStore;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelSummary;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.WireException;

/**
 * The stack that a command talks to, and the identity that it acts as.
 *
 * @param home the state folder
 * @param context the stack
 * @param identity the identity
 */
public record Stack(HomeFolder home, Context context, Identities.Entry identity) {

  /** Opens the stack of a session's state folder. */
  static Stack open(Session session, Actor actor) {
    HomeFolder home = HomeFolder.open(session.homePath());
    Context context = Context.read(home);
    String name =
        actor
            .name()
            .orElseGet(
                () -> {
                  String fromEnvironment =
                      session.terminal().environment().getOrDefault("SESEMI_AS", "");
                  return fromEnvironment.isEmpty() ? context.identity() : fromEnvironment;
                });
    return of(home, context, name);
  }

  /**
   * Opens a stack for an identity.
   *
   * @param home the state folder
   * @param context the stack
   * @param identity the name of the identity
   */
  public static Stack of(HomeFolder home, Context context, String identity) {
    return new Stack(home, context, new Identities(home).find(identity));
  }

  /** Returns a client that connects to the key service when it first needs to. */
  public SesemiClient client() {
    ClientConfig config =
        new ClientConfig(
            new InetSocketAddress(context.keyServiceHost(), context.keyServicePort()),
            context.keyServicePolicy(),
            Optional.of(context.clusterId()),
            context.runtimePolicy(),
            context.packer(),
            context.storage());
    IdentityKey key = new Identities(home).open(identity.name());
    return new SesemiClient(
        config, key, new TrustStore(home.trust()), new RequestKeyStore(home.requestKeys()));
  }

  /** Returns a client that is connected to the key service. */
  public SesemiClient connect() {
    SesemiClient client = client();
    try {
      client.connect();
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Finds the model that a name means: an id, else a model of one's own, else the only model of
   * that name that one may use.
   *
   * @param text the name
   * @param client asked which models there are
   */
  public ModelId resolve(String text, SesemiClient client) {
    if (text.indexOf('/') >= 0) {
      try {
        return ModelId.parse(text);
      } catch (WireException e) {
        throw new CliException(
            CliException.Code.USAGE, "'" + text + "' is not a model: " + e.detail(), e);
      }
    }
    if (!ModelId.isName(text)) {
      throw new SdkException(
          SdkException.Code.MODEL_UNKNOWN, "there is no model named '" + text + "'");
    }
    List<ModelId> known =
        client.modelsWithKeys().stream().filter(id -> id.name().equals(text)).toList();
    if (known.size() == 1) {
      return known.getFirst();
    }
    List<ModelSummary> found =
        client.models().stream().filter(model -> model.modelId().name().equals(text)).toList();
    Optional<ModelSummary> own = found.stream().filter(ModelSummary::owned).findFirst();
    if (own.isPresent()) {
      return own.get().modelId();
    }
    if (found.size() > 1) {
      throw new SdkException(
          SdkException.Code.MODEL_UNKNOWN,
          "several owners have a model named '" + text + "': name it OWNER-ID/" + text);
    }
    if (found.isEmpty()) {
      throw new SdkException(
          SdkException.Code.MODEL_UNKNOWN, "there is no model named '" + text + "'");
    }
    return found.getFirst().modelId();
  }

  /**
   * Reads whom a grant names: an id, an identity of the state folder, or everybody.
   *
   * @param text the name
   */
  UserPosition user(String text) {
    if (text.equals(UserPosition.ANYONE)) {
      return UserPosition.parse(text);
    }
    if (text.length() == 64) {
      try {
        return UserPosition.of(PartyId.parse(text));
      } catch (WireException e) {
        throw new CliException(CliException.Code.USAGE, "'" + text + "' is not a party id", e);
      }
    }
    return UserPosition.of(new Identities(home).find(text).id());
  }
}
