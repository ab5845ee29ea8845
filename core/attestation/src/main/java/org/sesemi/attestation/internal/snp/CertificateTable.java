package org.sesemi.attestation.internal.snp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * The table in which a host hands certificates to its guest: entries of identifier, offset and
 * length, an entry of zeros, then the certificates. AMD publication 56421, section 4.1.8.1.
 *
 * <p>Strict: contents lie behind the entries and inside the table, do not overlap, no identifier
 * occurs twice, and what belongs to no entry is zero. Contents of unknown identifiers are left
 * alone.
 *
 * @param entries the entries in their order
 */
public record CertificateTable(List<Entry> entries) {

  /** What the content of an entry is. */
  public enum Kind {
    /** Certificate of the chip's endorsement key. */
    VCEK,
    /** Certificate of the loaded endorsement key. */
    VLEK,
    /** Certificate of the authority that issued the endorsement key's. */
    ASK,
    /** Certificate of the root. */
    ARK,
    /** Something else. */
    OTHER
  }

  /**
   * One entry.
   *
   * @param kind what its content is
   * @param content the content
   */
  public record Entry(Kind kind, Bytes content) {}

  private record Place(long from, long length) {}

  private static final int MAX_ENTRIES = 32;

  private static final Map<String, Kind> KINDS =
      Map.of(
          "63da758de6644564adc5f4b93be8accd", Kind.VCEK,
          "a8074bc2a25a483eaae639c045a0b8a1", Kind.VLEK,
          "4ab7b379bbac4fe4a02f05aef327c782", Kind.ASK,
          "c0b406a4a803495297433fb6014cd0ae", Kind.ARK);

  /** Copies the entries. */
  public CertificateTable {
    entries = List.copyOf(entries);
  }

  /**
   * Reads a table.
   *
   * @throws Unreadable when a rule is broken
   */
  public static CertificateTable parse(Bytes table) {
    byte[] all = table.toArray();
    ByteInput in = ByteInput.littleEndian(all, "the certificate table");
    List<Place> places = new ArrayList<>();
    List<String> identifiers = new ArrayList<>();
    while (true) {
      byte[] identifier = in.bytes(16);
      Place place = new Place(in.u32(), in.u32());
      if (SnpReport.isZero(identifier) && place.from() == 0 && place.length() == 0) {
        break;
      }
      if (places.size() == MAX_ENTRIES) {
        throw new Unreadable("the certificate table has more than " + MAX_ENTRIES + " entries");
      }
      places.add(place);
      identifiers.add(HexFormat.of().formatHex(identifier));
    }
    checkPlaces(all, in.position(), places);
    List<Entry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < places.size(); i++) {
      if (!seen.add(identifiers.get(i))) {
        throw new Unreadable("the certificate table has an identifier twice");
      }
      int from = (int) places.get(i).from();
      byte[] content = new byte[(int) places.get(i).length()];
      System.arraycopy(all, from, content, 0, content.length);
      entries.add(new Entry(KINDS.getOrDefault(identifiers.get(i), Kind.OTHER), Bytes.of(content)));
    }
    return new CertificateTable(entries);
  }

  /** {@return the content of a kind, if it is there} */
  public Optional<Bytes> get(Kind kind) {
    return entries.stream().filter(entry -> entry.kind() == kind).map(Entry::content).findFirst();
  }

  private static void checkPlaces(byte[] all, int headerEnd, List<Place> places) {
    boolean[] used = new boolean[all.length];
    for (Place place : places) {
      if (place.length() == 0
          || place.from() < headerEnd
          || place.from() + place.length() > all.length) {
        throw new Unreadable(
            "the certificate table has an entry from "
                + place.from()
                + " with "
                + place.length()
                + " bytes, which is not behind its entries and inside its "
                + all.length
                + " bytes");
      }
      for (int i = (int) place.from(); i < place.from() + place.length(); i++) {
        if (used[i]) {
          throw new Unreadable("the certificate table has entries that overlap");
        }
        used[i] = true;
      }
    }
    for (int i = headerEnd; i < all.length; i++) {
      if (!used[i] && all[i] != 0) {
        throw new Unreadable("the certificate table has a byte that belongs to no entry at " + i);
      }
    }
  }
}
