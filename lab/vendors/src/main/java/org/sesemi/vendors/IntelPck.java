package org.sesemi.vendors;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/**
 * What a test PCK certificate says of its platform: every field of the SGX extension can be set.
 * Not thread-safe.
 */
public final class IntelPck {

  /** The identifier of the extension. */
  public static final String OID = "1.2.840.113741.1.13.1";

  private byte[] ppid = filled(16, 0x11);
  private final int[] components = {5, 5, 2, 2, 3, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0};
  private int pceSvn = 13;
  private byte[] cpuSvn = filled(16, 5);
  private byte[] pceId = new byte[2];
  private byte[] fmspc = {(byte) 0x90, (byte) 0xc0, 0x6f, 0, 0, 0};
  private int sgxType = 1;
  private boolean scalable = true;
  private byte[] platformInstanceId = filled(16, 0x22);
  private boolean dynamicPlatform = true;
  private boolean cachedKeys = true;
  private boolean smt = true;
  private final List<String> left = new ArrayList<>();

  /** Begins with a platform of several packages whose every level is current. */
  IntelPck() {}

  /** Sets the platform's identifier. */
  public IntelPck ppid(byte[] value) {
    ppid = value.clone();
    return this;
  }

  /** Sets one of the sixteen components, counted from 0. */
  public IntelPck component(int index, int value) {
    components[index] = value;
    return this;
  }

  /** Sets the version of the certification enclave. */
  public IntelPck pceSvn(int value) {
    pceSvn = value;
    return this;
  }

  /** Sets the raw security versions. */
  public IntelPck cpuSvn(byte[] value) {
    cpuSvn = value.clone();
    return this;
  }

  /** Sets the certification enclave. */
  public IntelPck pceId(byte... value) {
    pceId = value.clone();
    return this;
  }

  /** Sets the family. */
  public IntelPck fmspc(byte... value) {
    fmspc = value.clone();
    return this;
  }

  /** Sets the kind of SGX: 0 standard, 1 scalable, 2 scalable with integrity. */
  public IntelPck sgxType(int value) {
    sgxType = value;
    return this;
  }

  /** Leaves out what only platforms of several packages have, as the Processor CA does. */
  public IntelPck standard() {
    scalable = false;
    sgxType = 0;
    return this;
  }

  /** Sets the instance of the platform. */
  public IntelPck platformInstanceId(byte[] value) {
    platformInstanceId = value.clone();
    return this;
  }

  /** Sets the configuration. */
  public IntelPck configuration(boolean dynamic, boolean cached, boolean threads) {
    dynamicPlatform = dynamic;
    cachedKeys = cached;
    smt = threads;
    return this;
  }

  /** Leaves out the field with a name below the extension's own, for example {@code .4}. */
  public IntelPck without(String name) {
    left.add(name);
    return this;
  }

  /** {@return the content of the extension in DER} */
  public byte[] der() {
    List<ASN1Encodable> tcb = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      add(tcb, ".2." + (i + 1), new ASN1Integer(components[i]));
    }
    add(tcb, ".2.17", new ASN1Integer(pceSvn));
    add(tcb, ".2.18", new DEROctetString(cpuSvn));
    List<ASN1Encodable> fields = new ArrayList<>();
    add(fields, ".1", new DEROctetString(ppid));
    add(fields, ".2", sequence(tcb));
    add(fields, ".3", new DEROctetString(pceId));
    add(fields, ".4", new DEROctetString(fmspc));
    add(fields, ".5", new ASN1Enumerated(sgxType));
    if (scalable) {
      List<ASN1Encodable> configuration = new ArrayList<>();
      add(configuration, ".7.1", ASN1Boolean.getInstance(dynamicPlatform));
      add(configuration, ".7.2", ASN1Boolean.getInstance(cachedKeys));
      add(configuration, ".7.3", ASN1Boolean.getInstance(smt));
      add(fields, ".6", new DEROctetString(platformInstanceId));
      add(fields, ".7", sequence(configuration));
    }
    try {
      return sequence(fields).getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(List<ASN1Encodable> fields, String name, ASN1Encodable value) {
    if (!left.contains(name)) {
      fields.add(sequence(List.of(new ASN1ObjectIdentifier(OID + name), value)));
    }
  }

  private static DERSequence sequence(List<ASN1Encodable> items) {
    return new DERSequence(items.toArray(new ASN1Encodable[0]));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
