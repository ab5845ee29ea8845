package org.sesemi.attestation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sesemi.wire.Cbor;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborValue;
import org.sesemi.wire.Digest;

/** Reads a launch folder into a {@link LaunchUnit}, refusing whatever has no place in it. */
final class LaunchScanner {

  private static final byte[] JDK_DOMAIN = "sesemi/v1/jdk".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 1 << 18;
  private static final int MAX_DEPTH = 32;

  /** Names that need no quoting and cannot be read as two paths. */
  private static final Pattern JAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}\\.jar");

  private static final Pattern NATIVE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}\\.so(\\.[0-9]+)*");

  private final Path folder;
  private final Path jdk;

  LaunchScanner(Path folder, Path jdk) {
    this.folder = folder;
    this.jdk = jdk;
  }

  LaunchUnit scan() throws IOException {
    checkDirectory(folder);
    boolean natives = false;
    boolean aotCache = false;
    for (Path entry : entries(folder)) {
      switch (name(entry)) {
        case LaunchDescription.JDK_FOLDER,
            LaunchDescription.LIB_FOLDER,
            LaunchDescription.FILE -> {}
        case LaunchDescription.NATIVES_FOLDER -> natives = true;
        case LaunchDescription.AOT_CACHE_FILE -> aotCache = true;
        default -> throw refused(entry, "is not part of a launch folder");
      }
    }
    List<LaunchComponent> components = new ArrayList<>();
    components.add(jdk());
    List<LaunchComponent> jars = files(LaunchDescription.LIB_FOLDER, JAR, LaunchComponent.Kind.JAR);
    if (jars.isEmpty()) {
      throw refused(folder.resolve(LaunchDescription.LIB_FOLDER), "holds no jar");
    }
    components.addAll(jars);
    if (natives) {
      components.addAll(
          files(LaunchDescription.NATIVES_FOLDER, NATIVE, LaunchComponent.Kind.NATIVE));
    }
    if (aotCache) {
      components.add(
          file(
              folder.resolve(LaunchDescription.AOT_CACHE_FILE),
              LaunchDescription.AOT_CACHE_FILE,
              LaunchComponent.Kind.AOT_CACHE));
    }
    Path description = folder.resolve(LaunchDescription.FILE);
    checkFile(description);
    return LaunchUnit.of(
        LaunchUnit.description(description),
        components,
        jars.stream().map(LaunchComponent::name).toList(),
        natives,
        aotCache);
  }

  private List<LaunchComponent> files(String sub, Pattern names, LaunchComponent.Kind kind)
      throws IOException {
    Path directory = folder.resolve(sub);
    checkDirectory(directory);
    List<LaunchComponent> result = new ArrayList<>();
    for (Path entry : entries(directory)) {
      if (!names.matcher(name(entry)).matches()) {
        throw refused(entry, "is not part of a launch folder");
      }
      result.add(file(entry, sub + "/" + name(entry), kind));
    }
    return result;
  }

  private static LaunchComponent file(Path path, String name, LaunchComponent.Kind kind)
      throws IOException {
    checkFile(path);
    Hashed hashed = hash(path);
    return new LaunchComponent(kind, name, hashed.digest(), hashed.size());
  }

  /** The whole image as one component: the digest covers path, mode and content of every file. */
  private LaunchComponent jdk() throws IOException {
    checkDirectory(jdk);
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(jdk, MAX_DEPTH)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          checkDirectory(path);
        } else {
          checkFile(path);
          files.put(jdk.relativize(path).toString(), path);
        }
      }
    }
    if (!files.containsKey("bin/java")) {
      throw refused(jdk, "is not a JDK image: it has no bin/java");
    }
    List<CborValue> listed = new ArrayList<>();
    long total = 0;
    for (var entry : files.entrySet()) {
      Hashed hashed = hash(entry.getValue());
      total += hashed.size();
      listed.add(
          CborMap.builder()
              .put(1, entry.getKey())
              .put(2, permissions(entry.getValue()).contains(PosixFilePermission.OWNER_EXECUTE))
              .put(3, hashed.digest())
              .put(4, hashed.size())
              .build()
              .value());
    }
    Digest digest = Digest.sha256(JDK_DOMAIN, Cbor.encode(new CborValue.Array(listed)));
    return new LaunchComponent(
        LaunchComponent.Kind.JDK, LaunchDescription.JDK_FOLDER, digest, total);
  }

  private record Hashed(Digest digest, long size) {}

  private static Hashed hash(Path file) throws IOException {
    MessageDigest digest = Digest.newSha256();
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        size += read;
      }
    }
    return new Hashed(Digest.of(digest.digest()), size);
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.sorted((a, b) -> name(a).compareTo(name(b))).toList();
    }
  }

  private static void checkDirectory(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(path, "is missing");
    }
    if (!attributes(path).isDirectory()) {
      throw refused(path, "is not a folder");
    }
    checkPermissions(path);
  }

  private static void checkFile(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(path, "is missing");
    }
    if (!attributes(path).isRegularFile()) {
      throw refused(path, "is not a plain file");
    }
    checkPermissions(path);
  }

  private static void checkPermissions(Path path) throws IOException {
    Set<PosixFilePermission> permissions = permissions(path);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new AttestationException(
          AttestationException.Code.LAUNCH_WRITABLE, path + " can be changed by group or others");
    }
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    return attributes(path).permissions();
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static AttestationException refused(Path path, String why) {
    return new AttestationException(AttestationException.Code.LAUNCH_FOLDER, path + " " + why);
  }
}
