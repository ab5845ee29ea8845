package org.sesemi.keyservice.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.attestation.SimulatedLaunchCertificate;
import org.sesemi.attestation.SimulatedReport;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.RandomSource;

/**
 * A platform whose root and counters are files, so that processes started one after the other, and
 * killed in between, are on the same platform. Unlike the real one it believes what it is told.
 */
public final class FilePlatform implements EnclavePlatform {

  private final Path folder;
  private final Map<String, String> parameters;
  private final Digest measurement;
  private final Bytes config;
  private final IdentityKey root;
  private final SimulatedLaunch launch;
  private final CountDownLatch shutdown = new CountDownLatch(1);
  final AtomicReference<Map<String, String>> announced = new AtomicReference<>(Map.of());

  public FilePlatform(Path folder, Digest measurement, Bytes config) {
    this(folder, measurement, config, Map.of());
  }

  public FilePlatform(
      Path folder, Digest measurement, Bytes config, Map<String, String> parameters) {
    this.parameters = parameters;
    this.folder = folder;
    this.measurement = measurement;
    this.config = config;
    this.root = rootKey();
    this.launch = launch(measurement, configDigest(), Duration.ofDays(1));
  }

  /** Quotes for any launch on this platform. */
  public SimulatedLaunch launch(Digest code, Digest configuration, Duration validity) {
    RandomSource random = RandomSource.secure();
    IdentityKey launchKey = IdentityKey.generate(random);
    Instant now = Instant.now();
    return SimulatedLaunch.certify(
        root,
        launchKey,
        new SimulatedLaunchCertificate(
            launchKey.publicKey().value(),
            Bytes.random(random, SimulatedReport.LAUNCH_ID_LENGTH),
            code,
            configuration,
            now.minus(Duration.ofHours(1)),
            now.plus(validity)));
  }

  private IdentityKey rootKey() {
    Path file = folder.resolve("root.seed");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Files.write(file, RandomSource.secure().bytes(32));
      }
      return IdentityKey.ofSeed(SecretBytes.takeOver(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Evidence attest(byte[] reportData) {
    return launch.attest(reportData);
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.SIMULATED;
  }

  @Override
  public LaunchId launchId() {
    return new LaunchId(launch.certificate().launchId());
  }

  @Override
  public Digest measurement() {
    return measurement;
  }

  @Override
  public Digest configDigest() {
    return Digest.sha256("sesemi/v1/config".getBytes(StandardCharsets.US_ASCII), config.toArray());
  }

  @Override
  public Bytes platformRoot() {
    return root.publicKey().value();
  }

  @Override
  public Bytes config() {
    return config;
  }

  @Override
  public Map<String, String> parameters() {
    return parameters;
  }

  @Override
  public byte[] seal(byte[] data, byte[] context) {
    return cipher(Cipher.ENCRYPT_MODE, data, context);
  }

  @Override
  public byte[] unseal(byte[] sealed, byte[] context) {
    return cipher(Cipher.DECRYPT_MODE, sealed, context);
  }

  /** One fixed nonce: this seal protects nothing and is only to be as picky as a real one. */
  private byte[] cipher(int mode, byte[] data, byte[] context) {
    try {
      byte[] key = Digest.sha256(root.publicKey().value().toArray(), measurement.bytes()).bytes();
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, new byte[12]));
      cipher.updateAAD(context);
      return cipher.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new PlatformException(
          PlatformException.Code.SEALED_ELSEWHERE, "the sealed data does not open", e);
    }
  }

  @Override
  public synchronized long readCounter(String name) {
    try {
      return Long.parseLong(Files.readString(counter(name)));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized long advanceCounter(String name, long from) {
    if (readCounter(name) != from) {
      throw new PlatformException(PlatformException.Code.COUNTER_MOVED, "the counter moved");
    }
    try {
      Path beside = folder.resolve(name + ".new");
      Files.writeString(
          beside,
          Long.toString(from + 1),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(beside, counter(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      return from + 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path counter(String name) {
    return folder.resolve(name + ".counter");
  }

  @Override
  public void ready(Map<String, String> values) {
    announced.set(values);
  }

  @Override
  public void onShutdown(Runnable action) {}

  @Override
  public void onClosed(Runnable action) {}

  @Override
  public void awaitShutdown() throws InterruptedException {
    shutdown.await();
  }

  void shutDown() {
    shutdown.countDown();
  }
}
