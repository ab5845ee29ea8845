package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.SnpCertificateTable;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** The table in which hosts hand over certificates. */
class CertificateTableTest {

  private static final String UNKNOWN = "00112233-4455-6677-8899-aabbccddeeff";

  @Test
  void tableBringsAllThatIsNeeded() {
    for (String name : List.of("auxblob.bin", "certs.bin")) {
      for (SnpScene scene : List.of(SnpScene.vcek(), SnpScene.vlek("Genoa", 5))) {
        byte[] table = table(scene).padding(4000).bytes();
        accepted(scene.file(name, table).without("vcek.der").without("vlek.der").judge());
      }
    }
  }

  @Test
  void certificatesOfATableMayBePem() {
    SnpScene scene = SnpScene.vcek();
    byte[] pem = Authority.pem(scene.certificate()).getBytes(StandardCharsets.US_ASCII);
    byte[] two =
        new String(pem, StandardCharsets.US_ASCII).repeat(2).getBytes(StandardCharsets.US_ASCII);
    scene.without("vcek.der");
    accepted(scene.file("auxblob.bin", one(SnpCertificateTable.VCEK, pem)).judge());
    SnpAssert.refusedOnlyFor(
        scene.file("auxblob.bin", one(SnpCertificateTable.VCEK, two)).judge(),
        SnpStep.CERTIFICATE_DOCUMENTS);
    SnpAssert.refusedOnlyFor(
        scene.file("auxblob.bin", one(SnpCertificateTable.VCEK, new byte[] {1, 2})).judge(),
        SnpStep.CERTIFICATE_DOCUMENTS);
  }

  @Test
  void fileAndTableSayTheSame() {
    SnpScene scene = SnpScene.vcek();
    byte[] same = Authority.der(scene.certificate());
    scene.file("vcek.der", same);
    accepted(scene.file("auxblob.bin", one(SnpCertificateTable.VCEK, same)).judge());
    byte[] other = Authority.der(SnpScene.vcek().certificate());
    assertThat(other).isNotEqualTo(same);
    SnpAssert.refusedOnlyFor(
        scene.file("auxblob.bin", one(SnpCertificateTable.VCEK, other)).judge(),
        SnpStep.ENDORSEMENT);
  }

  @Test
  void tableMayHoldBothKindsOfKeyWhenBothAreGenuine() {
    SnpScene chip = SnpScene.vcek();
    byte[] vlek = Authority.der(SnpScene.vlek("Milan", 3).certificate());
    accepted(chip.file("auxblob.bin", one(SnpCertificateTable.VLEK, vlek)).judge());
    SnpScene strange = SnpScene.vlek("Milan", 3).vendor(SnpVendor.of("Milan"));
    SnpAssert.refusedOnlyFor(
        chip.file(
                "auxblob.bin", one(SnpCertificateTable.VLEK, Authority.der(strange.certificate())))
            .judge(),
        SnpStep.OTHER_CERTIFICATES);
  }

  @Test
  void authoritiesOfATableAreJudged() {
    SnpScene scene = SnpScene.vcek();
    SnpAssert.refusedOnlyFor(
        scene
            .file("auxblob.bin", one(SnpCertificateTable.ARK, SnpVendor.of("Milan").ark().der()))
            .judge(),
        SnpStep.OTHER_CERTIFICATES);
  }

  @Test
  void unknownEntriesAreLeftAlone() {
    SnpScene scene = SnpScene.vcek();
    accepted(scene.file("auxblob.bin", one(UNKNOWN, new byte[] {1, 2, 3})).judge());
    assertThat(CertificateTable.parse(Bytes.of(new byte[24])).entries()).isEmpty();
    assertThat(CertificateTable.parse(Bytes.of(new byte[4096])).entries()).isEmpty();
  }

  @Test
  void contentsLieBehindTheEntriesAndInside() {
    byte[] table = one(SnpCertificateTable.VCEK, new byte[] {1, 2, 3, 4});
    assertThat(CertificateTable.parse(Bytes.of(table)).get(CertificateTable.Kind.VCEK))
        .contains(Bytes.of(new byte[] {1, 2, 3, 4}));
    assertThat(CertificateTable.parse(Bytes.of(table)).get(CertificateTable.Kind.ARK)).isEmpty();
    for (int[] place :
        new int[][] {
          {0, 4},
          {47, 4},
          {49, 4},
          {48, 5},
          {48, 0},
          {48, 3},
          {48, -1},
          {-1, 4},
          {-4, 4},
          {Integer.MAX_VALUE, 4},
          {48, Integer.MAX_VALUE},
          {0, 0}
        }) {
      byte[] changed = table.clone();
      ByteBuffer.wrap(changed)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(16, place[0])
          .putInt(20, place[1]);
      refused(changed);
    }
    for (int length = 0; length < table.length; length++) {
      refused(Arrays.copyOf(table, length));
    }
  }

  @Test
  void everyByteBelongsToOneEntry() {
    byte[] table = new SnpCertificateTable().add(UNKNOWN, new byte[] {1}).padding(4).bytes();
    assertThat(CertificateTable.parse(Bytes.of(table)).entries()).hasSize(1);
    for (int i = table.length - 4; i < table.length; i++) {
      byte[] changed = table.clone();
      changed[i] = 1;
      refused(changed);
    }
    byte[] two =
        new SnpCertificateTable()
            .add(SnpCertificateTable.VCEK, new byte[] {1, 2})
            .add(SnpCertificateTable.ASK, new byte[] {3, 4})
            .bytes();
    ByteBuffer.wrap(two).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 16, 72 + 1);
    refused(two);
  }

  @Test
  void noIdentifierOccursTwice() {
    refused(
        new SnpCertificateTable()
            .add(SnpCertificateTable.VCEK, new byte[] {1})
            .add(SnpCertificateTable.VCEK, new byte[] {1})
            .bytes());
  }

  @Test
  void entriesAreCounted() {
    SnpCertificateTable table = new SnpCertificateTable();
    for (int i = 0; i < 32; i++) {
      table.add("00112233-4455-6677-8899-aabbccddee" + (10 + i), new byte[] {1});
    }
    assertThat(CertificateTable.parse(Bytes.of(table.bytes())).entries()).hasSize(32);
    refused(table.add(UNKNOWN, new byte[] {1}).bytes());
  }

  @Tag("exhaustive")
  @Test
  void changedTableNeverChangesTheClaims() {
    SnpScene scene = SnpScene.vcek();
    byte[] table = table(scene).bytes();
    Documents documents = scene.without("vcek.der").file("auxblob.bin", table).documents();
    Judgement good = scene.judge(documents);
    Property.check(
        "a changed table of certificates is refused or changes nothing",
        400,
        random -> {
          int at = random.nextInt(4) == 0 ? random.nextInt(96) : random.nextInt(table.length);
          Mutation mutation = Mutation.flip(table, at, 1 << random.nextInt(8));
          Judgement judgement =
              scene.judge(documents.with("auxblob.bin", Bytes.of(mutation.bytes())));
          if (judgement.verdict() == Verdict.ACCEPT) {
            assertThat(judgement.claims()).as(mutation.what()).isEqualTo(good.claims());
            assertThat(at).as("only identifiers of what is pinned anyway").isLessThan(96);
          }
        });
  }

  @Tag("exhaustive")
  @Test
  void anyBytesEndInAJudgement() {
    SnpScene scene = SnpScene.vcek();
    byte[] report = scene.signedReport();
    Property.check(
        "any documents end in a judgement that is not accept",
        300,
        random -> {
          byte[] noise = new byte[random.nextInt(200)];
          random.nextBytes(noise);
          String name =
              List.of("vcek.der", "vlek.der", "auxblob.bin", "crl.der", "ask.der", "report.bin")
                  .get(random.nextInt(6));
          Documents documents = scene.documents().with("report.bin", Bytes.of(report));
          assertThat(scene.judge(documents.with(name, Bytes.of(noise))).verdict())
              .as(name)
              .isNotEqualTo(Verdict.ACCEPT);
        });
  }

  private static SnpCertificateTable table(SnpScene scene) {
    boolean loaded = scene.report.sign(scene.keys.getPrivate())[0x48] != 0;
    return new SnpCertificateTable()
        .add(
            loaded ? SnpCertificateTable.VLEK : SnpCertificateTable.VCEK,
            Authority.der(scene.certificate()))
        .add(SnpCertificateTable.ASK, (loaded ? scene.vendor.asvk() : scene.vendor.ask()).der())
        .add(SnpCertificateTable.ARK, scene.vendor.ark().der());
  }

  private static byte[] one(String identifier, byte[] content) {
    return new SnpCertificateTable().add(identifier, content).bytes();
  }

  private static void refused(byte[] table) {
    assertThatThrownBy(() -> CertificateTable.parse(Bytes.of(table)))
        .isInstanceOf(Unreadable.class);
  }

  private static void accepted(Judgement judgement) {
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }
}
