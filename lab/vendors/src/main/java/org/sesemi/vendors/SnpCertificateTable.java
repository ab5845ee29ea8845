package org.sesemi.vendors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A table of certificates as a host hands it to a guest, after AMD publication 56421. Contents are
 * placed one after another behind the entries. Not thread-safe.
 */
public final class SnpCertificateTable {

  /** Identifies the certificate of a VCEK. */
  public static final String VCEK = "63da758d-e664-4564-adc5-f4b93be8accd";

  /** Identifies the certificate of a VLEK. */
  public static final String VLEK = "a8074bc2-a25a-483e-aae6-39c045a0b8a1";

  /** Identifies the certificate of an ASK or ASVK. */
  public static final String ASK = "4ab7b379-bbac-4fe4-a02f-05aef327c782";

  /** Identifies the certificate of an ARK. */
  public static final String ARK = "c0b406a4-a803-4952-9743-3fb6014cd0ae";

  private static final int ENTRY = 24;

  private final List<String> identifiers = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();
  private int padding;

  /** Begins an empty table. */
  public SnpCertificateTable() {}

  /** Adds an entry. */
  public SnpCertificateTable add(String identifier, byte[] content) {
    identifiers.add(identifier);
    contents.add(content.clone());
    return this;
  }

  /** Sets how many zero bytes follow. */
  public SnpCertificateTable padding(int bytes) {
    this.padding = bytes;
    return this;
  }

  /** {@return the table} */
  public byte[] bytes() {
    int at = ENTRY * (contents.size() + 1);
    int length = at + padding + contents.stream().mapToInt(content -> content.length).sum();
    ByteBuffer table = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < contents.size(); i++) {
      byte[] content = contents.get(i);
      table.put(HexFormat.of().parseHex(identifiers.get(i).replace("-", "")));
      table.putInt(at).putInt(content.length).put(at, content);
      at += content.length;
    }
    return table.array();
  }
}
