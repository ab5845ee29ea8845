package org.sesemi.attestation;

import static java.util.stream.Collectors.partitioningBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.sesemi.attestation.internal.Pem;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * The roots that a relying party believes, by vendor. A root inside evidence is never one of them;
 * it only may equal one.
 *
 * <p>A root is pinned by its public key and its subject, because vendors renew root certificates
 * with the same key. Intermediate certificates that come with the roots are not trusted: they are
 * at hand to build a chain, and are checked like any other.
 */
public final class Anchors {

  /** Whose roots. */
  public enum Vendor {
    /** AMD root keys of the product lines. */
    AMD,
    /** The root of Intel SGX and TDX. */
    INTEL,
    /** The root of AWS Nitro Enclaves. */
    AWS,
    /** The root of NVIDIA device identities. */
    NVIDIA_DEVICE,
    /** The root of NVIDIA reference manifests. */
    NVIDIA_MANIFEST,
    /** Manufacturers of TPMs; none is pinned. */
    TPM,
    /** Endorsers of Arm platforms; none is pinned. */
    ARM;

    private List<String> resources() {
      return switch (this) {
        case AMD -> List.of("amd-milan.pem", "amd-genoa.pem", "amd-turin.pem");
        case INTEL -> List.of("intel-sgx-root.pem");
        case AWS -> List.of("aws-nitro-root.pem");
        case NVIDIA_DEVICE -> List.of("nvidia-device-root.pem");
        case NVIDIA_MANIFEST -> List.of("nvidia-rim-root.pem");
        case TPM, ARM -> List.of();
      };
    }
  }

  /**
   * What is known of one vendor.
   *
   * @param roots self-signed certificates whose keys are believed
   * @param intermediates other certificates, not believed
   * @param keys bare public keys that are believed
   */
  public record Set(
      List<X509Certificate> roots, List<X509Certificate> intermediates, List<PublicKey> keys) {

    /** Copies the lists. */
    public Set {
      roots = List.copyOf(roots);
      intermediates = List.copyOf(intermediates);
      keys = List.copyOf(keys);
    }

    /**
     * {@return whether a self-signed certificate has subject and key of a root}
     *
     * @param certificate the certificate
     */
    public boolean pins(X509Certificate certificate) {
      return roots.stream()
          .anyMatch(
              root ->
                  Arrays.equals(
                          root.getPublicKey().getEncoded(), certificate.getPublicKey().getEncoded())
                      && root.getSubjectX500Principal()
                          .equals(certificate.getSubjectX500Principal()));
    }

    /**
     * {@return whether a bare key is believed}
     *
     * @param key the key
     */
    public boolean pins(PublicKey key) {
      return keys.stream().anyMatch(known -> Arrays.equals(known.getEncoded(), key.getEncoded()));
    }

    /** {@return whether nothing is believed} */
    public boolean isEmpty() {
      return roots.isEmpty() && keys.isEmpty();
    }
  }

  private static final Anchors PINNED = new Anchors(Optional.empty());

  private final Optional<Set> given;
  private final Map<Vendor, Set> loaded = new ConcurrentHashMap<>();

  private Anchors(Optional<Set> given) {
    this.given = given;
  }

  /** {@return the roots that this release pins} */
  public static Anchors pinned() {
    return PINNED;
  }

  /**
   * {@return roots of the caller's own, used in place of every pinned one}
   *
   * @param set the roots
   * @throws AttestationException with {@code attestation.policy-empty} when it is empty
   */
  public static Anchors of(Set set) {
    if (set.isEmpty()) {
      throw new AttestationException(
          AttestationException.Code.POLICY_EMPTY, "the anchors name no root");
    }
    return new Anchors(Optional.of(set));
  }

  /**
   * Reads the {@code .pem} and {@code .der} files of a folder: self-signed certificates are roots,
   * other certificates are intermediates, public keys are roots without a name. They are used in
   * place of every pinned root.
   *
   * @param folder the folder
   * @return the anchors
   * @throws AttestationException when a file cannot be read, or no root is in the folder
   */
  public static Anchors read(Path folder) {
    List<X509Certificate> certificates = new ArrayList<>();
    List<PublicKey> keys = new ArrayList<>();
    Documents.read(folder)
        .files()
        .forEach(
            (name, content) -> {
              if (name.endsWith(".pem")) {
                for (Pem.Block block : Pem.parse(content.toArray(), name)) {
                  switch (block.label()) {
                    case "CERTIFICATE" ->
                        certificates.add(X509.certificate(block.der().toArray(), name));
                    case "PUBLIC KEY" -> keys.add(X509.publicKey(block.der().toArray(), name));
                    default -> {
                      // A folder of a deployment may hold other public material.
                    }
                  }
                }
              } else if (name.endsWith(".der")) {
                if (!name.contains("crl")) {
                  certificates.add(X509.certificate(content.toArray(), name));
                }
              }
            });
    return of(split(certificates, keys));
  }

  /**
   * {@return the roots of a vendor; those of the caller's own belong to every vendor}
   *
   * @param vendor the vendor
   */
  public Set of(Vendor vendor) {
    return given.orElseGet(() -> loaded.computeIfAbsent(vendor, Anchors::load));
  }

  /** Returns a digest over every public key that is believed for a platform. */
  Digest digest(PlatformKind platform) {
    List<Vendor> vendors =
        switch (platform) {
          case SIMULATED -> List.of();
          case SNP -> List.of(Vendor.AMD);
          case TDX, SGX -> List.of(Vendor.INTEL);
          case NITRO -> List.of(Vendor.AWS);
          case TPM -> List.of(Vendor.TPM);
          case AZURE_VTPM -> List.of(Vendor.AMD, Vendor.INTEL);
          case NVIDIA -> List.of(Vendor.NVIDIA_DEVICE, Vendor.NVIDIA_MANIFEST);
          case CCA -> List.of(Vendor.ARM);
        };
    java.util.Set<Bytes> keys = new TreeSet<>();
    for (Vendor vendor : vendors) {
      Set set = of(vendor);
      set.roots().forEach(root -> keys.add(Bytes.of(root.getPublicKey().getEncoded())));
      set.keys().forEach(key -> keys.add(Bytes.of(key.getEncoded())));
    }
    MessageDigest digest = Digest.newSha256();
    digest.update(("sesemi/v1/roots/" + platform.text()).getBytes(StandardCharsets.US_ASCII));
    keys.forEach(
        key -> {
          digest.update(ByteBuffer.allocate(4).putInt(key.length()).array());
          digest.update(key.toArray());
        });
    return Digest.of(digest.digest());
  }

  /** Returns the roots of the caller's own, when these are not the pinned ones. */
  Optional<Set> given() {
    return given;
  }

  private static Set load(Vendor vendor) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (String resource : vendor.resources()) {
      try (InputStream in = Anchors.class.getResourceAsStream("anchors/" + resource)) {
        if (in == null) {
          throw new IllegalStateException("the pinned root " + resource + " is missing");
        }
        for (Pem.Block block : Pem.parse(in.readAllBytes(), resource)) {
          certificates.add(X509.certificate(block.der().toArray(), resource));
        }
      } catch (IOException e) {
        throw new IllegalStateException("the pinned root " + resource + " cannot be read", e);
      }
    }
    return split(certificates, List.of());
  }

  private static Set split(List<X509Certificate> certificates, List<PublicKey> keys) {
    Map<Boolean, List<X509Certificate>> bySelfSigned =
        certificates.stream().collect(partitioningBy(X509::isSelfSigned));
    return new Set(
        bySelfSigned.getOrDefault(true, List.of()),
        bySelfSigned.getOrDefault(false, List.of()),
        keys);
  }
}
