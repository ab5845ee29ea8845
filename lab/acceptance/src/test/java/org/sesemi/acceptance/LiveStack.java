package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.packer.PackerConfig;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.FunctionSpec;
import org.sesemi.platform.ProcessPlatform;
import org.sesemi.sdk.ClientConfig;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.Publication;
import org.sesemi.sdk.RequestKeyStore;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.sdk.TrustStore;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/**
 * A whole stack of real processes, started by {@code sesemi up} and ended by {@code sesemi down},
 * and clients for it.
 */
final class LiveStack implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(60);

  private final Sesemi sesemi;
  private final Path clients;

  private LiveStack(Sesemi sesemi, Path clients) {
    this.sesemi = sesemi;
    this.clients = clients;
  }

  /** Starts a stack with its state in {@code folder/home}. */
  static LiveStack up(Path folder) {
    Sesemi sesemi = new Sesemi(folder.resolve("home"));
    sesemi.json("up", "--port", "0").expectExit(0);
    return new LiveStack(sesemi, folder.resolve("clients"));
  }

  Sesemi sesemi() {
    return sesemi;
  }

  Path home() {
    return sesemi.home();
  }

  /** Where this stack is, and what it must prove. */
  ClientConfig config() {
    try {
      JsonFields context = JsonFields.of(Files.readAllBytes(home().resolve("context.json")));
      return new ClientConfig(
          new InetSocketAddress(
              context.text("keyServiceHost"), (int) context.integer("keyServicePort", 1, 65535)),
          Bytes.parse(context.text("keyServicePolicy")),
          Optional.of(Digest.parse(context.text("cluster"))),
          Bytes.parse(context.text("runtimePolicy")),
          URI.create(context.text("packer")),
          Path.of(context.text("storage")));
    } catch (IOException failure) {
      throw new AssertionError("the stack has no context", failure);
    }
  }

  /**
   * Takes the platform over, as an operator can who carries requests without a packer, and deploys
   * functions like those of the packer. The packer's own sandboxes end.
   */
  FunctionPlatform functions(String... names) {
    PackerConfig packer = PackerConfig.read(home().resolve("run").resolve("packer.json"));
    FunctionPlatform platform =
        new ProcessPlatform(packer.daemonSocket(), InstantSource.system()).open();
    try {
      Bytes config = Bytes.of(Files.readAllBytes(packer.runtimeConfig()));
      for (String name : names) {
        platform.deploy(
            new FunctionSpec(
                name,
                packer.unit(),
                config,
                packer.runtimeParameters(),
                packer.pool().memoryBytes(),
                packer.pool().concurrency(),
                1,
                packer.pool().keepAlive()));
      }
      return platform;
    } catch (IOException failure) {
      platform.close();
      throw new AssertionError(failure);
    }
  }

  SesemiClient client(String name) {
    return client(name, config());
  }

  /** A client with a new identity and a state folder of its own outside the stack's home. */
  SesemiClient client(String name, ClientConfig config) {
    return client(name, config, IdentityKey.generate(RandomSource.secure()));
  }

  SesemiClient client(String name, ClientConfig config, IdentityKey identity) {
    try {
      Path state = Files.createDirectories(clients.resolve(name));
      return new SesemiClient(
          config,
          identity,
          new TrustStore(Files.createDirectories(state.resolve("trust"))),
          new RequestKeyStore(Files.createDirectories(state.resolve("request-keys"))));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Publishes a model and allows a user to use it in this stack's runtimes. */
  static ModelId publish(
      SesemiClient owner, Bytes runtimePolicy, String name, Path file, PartyId user) {
    Publication published = owner.publish(ModelFile.read(file), name);
    grant(owner, runtimePolicy, published.modelId(), user);
    return published.modelId();
  }

  static void grant(SesemiClient owner, Bytes runtimePolicy, ModelId model, PartyId user) {
    assertThat(
            owner.grant(
                new Operation.Grant(
                    model,
                    UserPosition.of(user),
                    runtimePolicy,
                    new VersionRule.Current(),
                    Operation.Grant.NEVER,
                    IsolationLevel.SHARED)))
        .isNotNull();
  }

  static InferResponse infer(SesemiClient user, ModelId model, InferRequest request) {
    return user.infer(model, request, new VersionRule.Current(), LIMIT).response();
  }

  /** Ends the stack and checks that nothing of it is left. */
  @Override
  public void close() {
    sesemi.run("down").expectExit(0);
    assertThat(sesemi.processes()).as("processes after down").isEmpty();
    assertNoTemporaryFiles();
  }

  private void assertNoTemporaryFiles() {
    try (Stream<Path> files = Files.walk(home())) {
      assertThat(
              files
                  .map(home()::relativize)
                  .map(Path::toString)
                  .filter(
                      name ->
                          name.endsWith(".sock")
                              || name.endsWith(".pid")
                              || name.endsWith(".tmp")
                              || name.startsWith("run/")))
          .as("temporary files after down")
          .isEmpty();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
