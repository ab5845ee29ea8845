package org.sesemi.cli.internal;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonFields;

/**
 * The stack that commands talk to, and what it must prove to be.
 *
 * @param clusterId the pinned name of the key-service cluster
 * @param genesis the statement that the name is the digest of
 * @param keyServiceHost where the key service listens
 * @param keyServicePort on which port
 * @param keyServicePolicy the encoded policy that its evidence must satisfy
 * @param runtimePolicy the encoded policy that function runtimes must satisfy
 * @param packer where requests go
 * @param storage the folder of sealed models
 * @param identity the identity that acts when a command names none
 */
public record Context(
    Digest clusterId,
    Bytes genesis,
    String keyServiceHost,
    int keyServicePort,
    Bytes keyServicePolicy,
    Bytes runtimePolicy,
    URI packer,
    Path storage,
    String identity) {

  /**
   * Reads the context of a state folder.
   *
   * @param home the state folder
   */
  public static Context read(HomeFolder home) {
    if (!Files.exists(home.context())) {
      throw new CliException(
          CliException.Code.NOT_SET_UP, "no stack was started with " + home.root() + " yet");
    }
    return StateFile.read(home.context(), Context::of);
  }

  private static Context of(JsonFields json) {
    String version = json.text("apiVersion");
    if (!version.equals(Output.API_VERSION)) {
      throw new CliException(CliException.Code.HOME_VERSION, "context of version " + version);
    }
    return new Context(
        Digest.parse(json.text("cluster")),
        Bytes.parse(json.text("genesis")),
        json.text("keyServiceHost"),
        (int) json.integer("keyServicePort", 1, 65535),
        Bytes.parse(json.text("keyServicePolicy")),
        Bytes.parse(json.text("runtimePolicy")),
        URI.create(json.text("packer")),
        Path.of(json.text("storage")),
        json.text("identity"));
  }

  /**
   * Writes the context of a state folder.
   *
   * @param home the state folder
   */
  public void write(HomeFolder home) {
    StateFile.write(
        home.context(),
        new Fields()
            .put("apiVersion", Output.API_VERSION)
            .put("platform", "simulated")
            .put("cluster", clusterId.hex())
            .put("genesis", genesis.hex())
            .put("keyServiceHost", keyServiceHost)
            .put("keyServicePort", keyServicePort)
            .put("keyServicePolicy", keyServicePolicy.hex())
            .put("runtimePolicy", runtimePolicy.hex())
            .put("packer", packer.toString())
            .put("storage", storage.toString())
            .put("identity", identity));
  }
}
