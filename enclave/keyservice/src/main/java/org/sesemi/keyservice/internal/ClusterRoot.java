package org.sesemi.keyservice.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.attestation.SimulatedVerifier;
import org.sesemi.attestation.Verifier;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.RandomSource;

/**
 * What makes a cluster: its genesis statement, its CA key and the root secret of its state. All
 * three are made at the first start and sealed by the platform into one file.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Only the measurement that founded the cluster, on its platform and under its configuration,
 *       opens the file. Another build gets a coded error, whatever the operator copies where.
 *   <li>What the genesis statement says about its founder comes from evidence that the platform
 *       gave to this launch and that was verified like that of any peer.
 *   <li>An existing file is never replaced: what does not open stays as it is.
 * </ul>
 *
 * @param genesis the bytes of the genesis statement
 * @param caKey the key that certificates and the audit log are signed with
 * @param root the secret that the keys of the state are derived from
 */
public record ClusterRoot(Bytes genesis, IdentityKey caKey, SecretBytes root)
    implements AutoCloseable {

  private static final byte[] SEAL_CONTEXT = "sesemi/v1/keyservice/cluster".getBytes(US_ASCII);
  private static final String FILE = "cluster.sealed";
  private static final int SECRET_LENGTH = 32;
  private static final int MAX_GENESIS_LENGTH = 4096;
  private static final long MAX_FILE_LENGTH = 64 * 1024;

  /** Checks the parts. */
  public ClusterRoot {
    requireNonNull(genesis, "genesis");
    requireNonNull(caKey, "caKey");
    requireNonNull(root, "root");
  }

  /**
   * Opens the cluster of a data folder, or founds one where there is none.
   *
   * @param folder the data folder
   * @param platform the platform of this launch
   * @param clock the present time
   * @param random where secrets come from
   * @return the cluster
   */
  static ClusterRoot open(
      Path folder, EnclavePlatform platform, InstantSource clock, RandomSource random) {
    Path file = folder.resolve(FILE);
    try {
      if (Files.exists(file)) {
        ClusterRoot cluster = unseal(readBounded(file), platform);
        cluster.requireFounder(self(platform, clock.instant(), random), platform);
        return cluster;
      }
      ClusterRoot cluster = found(platform, clock, random);
      writeDurably(file, cluster.seal(platform));
      return cluster;
    } catch (IOException e) {
      throw new KeyServiceException(
          Code.STORE_FAILED, "the cluster file cannot be read or written", e);
    }
  }

  private static ClusterRoot found(
      EnclavePlatform platform, InstantSource clock, RandomSource random) {
    Instant now = clock.instant();
    Claims self = self(platform, now, random);
    IdentityKey caKey = IdentityKey.generate(random);
    Genesis genesis =
        new Genesis(
            caKey.publicKey(),
            now,
            self.measurement(),
            self.configDigest(),
            self.platform().text(),
            self.root(),
            1,
            Bytes.random(random, SECRET_LENGTH));
    return new ClusterRoot(
        Bytes.of(genesis.encode()), caKey, SecretBytes.random(random, SECRET_LENGTH));
  }

  /** Lets the platform quote this launch and verifies the quote as that of a peer. */
  private static Claims self(EnclavePlatform platform, Instant now, RandomSource random) {
    byte[] reportData = random.bytes(Claims.REPORT_DATA_LENGTH);
    Claims claims =
        verifier(platform).verify(platform.attest(reportData), reportData, now).require();
    if (!claims.measurement().equals(platform.measurement())
        || !claims.configDigest().equals(platform.configDigest())) {
      throw new KeyServiceException(
          Code.CONFIG_INVALID, "the platform says one thing and quotes another");
    }
    return claims;
  }

  /** {@return a verifier that believes the platform of this launch} */
  static Verifier verifier(EnclavePlatform platform) {
    return switch (platform.platform()) {
      case SIMULATED -> new SimulatedVerifier(Set.of(platform.platformRoot()));
      case SNP, TDX, SGX, NITRO, TPM, AZURE_VTPM, NVIDIA, CCA ->
          throw new KeyServiceException(
              Code.CONFIG_INVALID,
              "this build seals no state on " + platform.platform().text() + ", so it serves none");
    };
  }

  private void requireFounder(Claims self, EnclavePlatform platform) {
    Genesis founded = Genesis.decode(genesis.toArray());
    if (!founded.configDigest().equals(self.configDigest())) {
      throw new KeyServiceException(
          Code.STATE_SEALED_ELSEWHERE,
          "the cluster was founded under configuration "
              + founded.configDigest()
              + ", this launch has "
              + self.configDigest());
    }
    if (!founded.measurement().equals(self.measurement())
        || !founded.platformRoot().equals(platform.platformRoot())
        || !founded.platform().equals(self.platform().text())) {
      throw new KeyServiceException(
          Code.STATE_SEALED_ELSEWHERE, "the cluster was founded by another build or elsewhere");
    }
  }

  private byte[] seal(EnclavePlatform platform) {
    byte[] contents = contents();
    try {
      return platform.seal(contents, SEAL_CONTEXT);
    } finally {
      Arrays.fill(contents, (byte) 0);
    }
  }

  private byte[] contents() {
    byte[] ca = caKey.encode(InsecureSecretAccess.get());
    try {
      return root.use(
          InsecureSecretAccess.get(),
          secret -> CborMap.versioned().put(1, genesis).put(2, ca).put(3, secret).build().encode());
    } finally {
      Arrays.fill(ca, (byte) 0);
    }
  }

  private static ClusterRoot unseal(byte[] sealed, EnclavePlatform platform) {
    byte[] contents;
    try {
      contents = platform.unseal(sealed, SEAL_CONTEXT);
    } catch (PlatformException e) {
      if (e.errorCode() == PlatformException.Code.SEALED_ELSEWHERE) {
        throw new KeyServiceException(
            Code.STATE_SEALED_ELSEWHERE, "the cluster was founded by another build", e);
      }
      if (e.errorCode() == PlatformException.Code.SEAL_TAMPERED) {
        throw new KeyServiceException(
            Code.STATE_TAMPERED, "the cluster file was changed, or comes from another platform", e);
      }
      throw e;
    }
    try {
      CborReader reader = CborReader.versioned(contents);
      Bytes genesis = Bytes.of(reader.slice(1, 1, MAX_GENESIS_LENGTH));
      byte[] ca = reader.bytes(2, 1, 256);
      SecretBytes root = SecretBytes.takeOver(reader.bytes(3, SECRET_LENGTH));
      reader.finish();
      IdentityKey caKey = IdentityKey.decode(ca);
      Arrays.fill(ca, (byte) 0);
      Genesis decoded = Genesis.decode(genesis.toArray());
      if (!MessageDigest.isEqual(
          decoded.caKey().value().toArray(), caKey.publicKey().value().toArray())) {
        throw StoreFailures.tampered("the cluster file holds the CA key of another cluster");
      }
      return new ClusterRoot(genesis, caKey, root);
    } catch (KeyServiceException e) {
      throw e;
    } catch (CodedException e) {
      throw new KeyServiceException(Code.STATE_TAMPERED, "the cluster file does not read", e);
    } finally {
      Arrays.fill(contents, (byte) 0);
    }
  }

  private static byte[] readBounded(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_LENGTH) {
      throw StoreFailures.tampered("the cluster file is too long");
    }
    return Files.readAllBytes(file);
  }

  /** Writes beside, forces, moves into place and forces the folder: the file is whole or absent. */
  private static void writeDurably(Path file, byte[] contents) throws IOException {
    Path beside = file.resolveSibling(FILE + ".new");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE))) {
      ByteBuffer buffer = ByteBuffer.wrap(contents);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder =
        FileChannel.open(requireNonNull(file.getParent()), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** Wipes the secrets. */
  @Override
  public void close() {
    caKey.close();
    root.close();
  }

  @Override
  public String toString() {
    return "ClusterRoot[" + genesis.length() + " bytes of genesis]";
  }
}
