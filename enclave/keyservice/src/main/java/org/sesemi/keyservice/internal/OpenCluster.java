package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Consumer;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.attestation.Verifier;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.RandomSource;

/**
 * A cluster opened from its data folder: its secrets and the key service that decides with them.
 *
 * @param root the cluster
 * @param service the key service
 * @param verifier believes the platform that the cluster is on
 */
public record OpenCluster(ClusterRoot root, KeyService service, Verifier verifier)
    implements AutoCloseable {

  private static final String DATABASE = "state";
  private static final RateLimiter.Rate PER_PEER = new RateLimiter.Rate(200, 1_000);
  private static final RateLimiter.Rate TOGETHER = new RateLimiter.Rate(1_000, 4_000);
  private static final int MAX_PEERS = 10_000;

  /** Checks the parts. */
  public OpenCluster {
    requireNonNull(root, "root");
    requireNonNull(service, "service");
    requireNonNull(verifier, "verifier");
  }

  /**
   * Opens the cluster of a data folder, or founds one in an empty folder.
   *
   * @param folder the data folder, made where it is missing
   * @param platform the platform of this launch
   * @param crypto signs certificates and the audit log
   * @param clock the clock
   * @param random where secrets, ids and nonces come from
   * @return the open cluster
   */
  public static OpenCluster open(
      Path folder,
      EnclavePlatform platform,
      CryptoProvider crypto,
      InstantSource clock,
      RandomSource random) {
    makeFolder(folder);
    ClusterRoot root = ClusterRoot.open(folder, platform, clock, random);
    KeyService.Setting setting =
        new KeyService.Setting(
            root.genesis(),
            platform.platform(),
            root.caKey().with(crypto),
            clock,
            random,
            Limits.DEFAULT);
    byte[] secret = root.root().reveal(InsecureSecretAccess.get());
    try {
      H2Store store =
          H2Store.open(
              folder.resolve(DATABASE),
              new RecordSealer(secret, random),
              new PlatformGuard(platform, setting.clusterId()));
      try {
        return new OpenCluster(
            root, KeyService.start(setting, store), ClusterRoot.verifier(platform));
      } catch (RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (RuntimeException e) {
      root.close();
      throw e;
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * {@return the requests of the key service}
   *
   * @param clock the clock that rates are measured with
   * @param broken told when the key service cannot go on
   */
  public KeyServiceApi api(InstantSource clock, Consumer<RuntimeException> broken) {
    return new KeyServiceApi(
        service, new RateLimiter(PER_PEER, TOGETHER, MAX_PEERS, clock), broken);
  }

  private static void makeFolder(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new KeyServiceException(
          Code.STORE_FAILED, "the data folder " + folder + " cannot be made", e);
    }
  }

  /** Closes the key service, then wipes the secrets. */
  @Override
  public void close() {
    service.close();
    root.close();
  }
}
