package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Context;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.PrivateFiles;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformMessage;

/**
 * A function runtime that differs from the one of the stack by one harmless flag, so that it
 * measures to something else and no key service gives it keys. For showing exactly that.
 */
public final class AlteredRuntime implements AutoCloseable {

  private static final String DESCRIPTION = "launch.json";
  private static final String FLAG = "-Dsesemi.altered=harmless";
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);

  private final PlatformLink link;
  private final LaunchId launch;
  private final URI address;
  private final Path unit;

  private AlteredRuntime(PlatformLink link, LaunchId launch, URI address, Path unit) {
    this.link = link;
    this.launch = launch;
    this.address = address;
    this.unit = unit;
  }

  /**
   * Lays out an altered launch unit beside the real one and launches it on the stack's platform.
   *
   * @param home the state folder
   * @param dist the programs
   * @param context the stack
   */
  public static AlteredRuntime launch(HomeFolder home, Dist dist, Context context) {
    Path folder = new RunFolder(home).temporary().resolve("altered");
    Path unit = folder.resolve("runtime");
    PlatformLink link = PlatformLink.connect(home.platform());
    try {
      copyAltered(dist, folder, unit);
      PlatformMessage.Launched launched =
          link.launch(
              new PlatformMessage.Launch(
                  unit.toString(),
                  Bytes.of(EnclaveConfigs.runtime(context.clusterId(), context.keyServicePolicy())),
                  EnclaveConfigs.runtimeParameters(context),
                  "altered"));
      Map<String, String> ready =
          link.awaitReady(launched.launchId(), READY_LIMIT)
              .orElseThrow(
                  () ->
                      new CliException(
                          CliException.Code.START_FAILED, "the altered runtime did not start"));
      return new AlteredRuntime(
          link, launched.launchId(), EnclaveConfigs.runtimeAddress(ready), folder);
    } catch (IOException e) {
      link.close();
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      link.close();
      throw new CliException(CliException.Code.NOT_READY, "interrupted", e);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  /** Returns where it listens. */
  public URI address() {
    return address;
  }

  private static void copyAltered(Dist dist, Path folder, Path unit) throws IOException {
    PrivateFiles.deleteTree(folder);
    copy(dist.runtime(), unit);
    copy(dist.root().resolve("jdk"), folder.resolve("jdk"));
    Path description = unit.resolve(DESCRIPTION);
    String text = Files.readString(description);
    String altered = text.replaceFirst("(\"jvm-options\"\\s*:\\s*\\[)", "$1\"" + FLAG + "\",");
    if (altered.equals(text)) {
      throw new CliException(
          CliException.Code.DIST_MISSING, dist.runtime() + " has no options to alter");
    }
    Files.delete(description);
    Files.writeString(description, altered);
    PrivateFiles.protect(description);
  }

  /** Links files where the file system allows, because a Java runtime is large. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes)
              throws IOException {
            PrivateFiles.makeFolder(to.resolve(from.relativize(entry).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(entry).toString());
            try {
              Files.createLink(target, entry);
            } catch (IOException | UnsupportedOperationException e) {
              Files.copy(entry, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    try {
      link.stop(launch);
      PrivateFiles.deleteTree(unit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      link.close();
    }
  }
}
