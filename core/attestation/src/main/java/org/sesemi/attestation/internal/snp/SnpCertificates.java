package org.sesemi.attestation.internal.snp;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Pem;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/**
 * The certificates that came with a report, by the role in which they came. None is believed.
 *
 * @param all every certificate
 */
public record SnpCertificates(List<Supplied> all) {

  /** For what a certificate came. */
  public enum Role {
    /** It endorses a VCEK. */
    VCEK,
    /** It endorses a VLEK. */
    VLEK,
    /** It belongs to an authority. */
    AUTHORITY
  }

  /**
   * One certificate.
   *
   * @param role for what it came
   * @param certificate the certificate
   * @param fromTable whether the host's table held it, which may hold more than one report needs
   */
  public record Supplied(Role role, X509Certificate certificate, boolean fromTable) {}

  private static final List<String> TABLES = List.of("auxblob.bin", "certs.bin");
  private static final List<String> AUTHORITIES = List.of("ask.der", "asvk.der", "ark.der");

  /** Copies the list. */
  public SnpCertificates {
    all = List.copyOf(all);
  }

  /** {@return the certificates of documents, which say by name what they are for} */
  public static SnpCertificates of(Documents documents) {
    List<Supplied> all = new ArrayList<>();
    addFile(all, documents, "vcek.der", Role.VCEK);
    addFile(all, documents, "vlek.der", Role.VLEK);
    AUTHORITIES.forEach(name -> addFile(all, documents, name, Role.AUTHORITY));
    for (String name : TABLES) {
      documents.get(name).ifPresent(table -> addTable(all, table));
    }
    return new SnpCertificates(all);
  }

  /** {@return certificates whose roles are told by their own subjects} */
  public static SnpCertificates of(List<X509Certificate> certificates) {
    List<Supplied> all = new ArrayList<>();
    for (X509Certificate each : certificates) {
      Role role = Role.VCEK;
      if (each.getBasicConstraints() >= 0) {
        role = Role.AUTHORITY;
      } else if (each.getSubjectX500Principal().equals(SnpLine.subject(SigningKey.VLEK))) {
        role = Role.VLEK;
      }
      all.add(new Supplied(role, each, false));
    }
    return new SnpCertificates(all);
  }

  /** {@return the different certificates that came for a key} */
  public List<X509Certificate> endorsing(SigningKey key) {
    return all.stream()
        .filter(each -> each.role() == role(key))
        .map(Supplied::certificate)
        .distinct()
        .toList();
  }

  /** {@return the certificates that came for another key than this} */
  public List<Supplied> besides(SigningKey key) {
    return all.stream()
        .filter(each -> each.role() != role(key) && each.role() != Role.AUTHORITY)
        .toList();
  }

  /** {@return the certificates of authorities} */
  public List<X509Certificate> authorities() {
    return all.stream()
        .filter(each -> each.role() == Role.AUTHORITY)
        .map(Supplied::certificate)
        .distinct()
        .toList();
  }

  private static Role role(SigningKey key) {
    return key == SigningKey.VLEK ? Role.VLEK : Role.VCEK;
  }

  private static void addFile(List<Supplied> all, Documents documents, String name, Role role) {
    documents
        .get(name)
        .ifPresent(der -> all.add(new Supplied(role, X509.read(der.toArray(), name), false)));
  }

  private static void addTable(List<Supplied> all, Bytes table) {
    for (CertificateTable.Entry entry : CertificateTable.parse(table).entries()) {
      switch (entry.kind()) {
        case VCEK -> all.add(new Supplied(Role.VCEK, read(entry), true));
        case VLEK -> all.add(new Supplied(Role.VLEK, read(entry), true));
        case ASK, ARK -> all.add(new Supplied(Role.AUTHORITY, read(entry), true));
        case OTHER -> {
          // The table is open to entries of the host's own.
        }
      }
    }
  }

  /** Hosts keep certificates in the form in which they got them: DER, or PEM of one certificate. */
  private static X509Certificate read(CertificateTable.Entry entry) {
    byte[] content = entry.content().toArray();
    String what = "the " + entry.kind() + " of the certificate table";
    if (content[0] != '-') {
      return X509.read(content, what);
    }
    List<Pem.Block> blocks = Pem.read(content, what);
    if (blocks.size() != 1 || !blocks.getFirst().label().equals("CERTIFICATE")) {
      throw new Unreadable(what + " is not one certificate");
    }
    return X509.read(blocks.getFirst().der().toArray(), what);
  }
}
