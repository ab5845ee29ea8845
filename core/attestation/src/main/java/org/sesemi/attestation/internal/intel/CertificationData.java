package org.sesemi.attestation.internal.intel;

import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * What a quote brings to certify the report of the quoting enclave.
 *
 * @param type what it is
 * @param content its bytes
 */
public record CertificationData(Type type, Bytes content) {

  /** The types that Intel numbers, the wrapping one excepted. */
  public enum Type {
    /** The platform's identifier in the clear. */
    PPID_CLEAR(1, "PPID in the clear", 36),
    /** The platform's identifier, encrypted with RSA of 2048 bits. */
    PPID_RSA_2048(2, "encrypted PPID, RSA-2048", 276),
    /** The platform's identifier, encrypted with RSA of 3072 bits. */
    PPID_RSA_3072(3, "encrypted PPID, RSA-3072", 404),
    /** The PCK certificate alone. */
    PCK_LEAF(4, "PCK certificate without its chain", -1),
    /** The PCK certificate with its chain. */
    PCK_CHAIN(5, "PCK certificate chain", -1),
    /** The manifest of a platform that is not yet registered. */
    PLATFORM_MANIFEST(7, "platform manifest", -1);

    private final int number;
    private final String text;
    private final int length;

    Type(int number, String text, int length) {
      this.number = number;
      this.text = text;
      this.length = length;
    }

    /** {@return Intel's number} */
    public int number() {
      return number;
    }

    /** {@return what it is, for people} */
    public String text() {
      return text;
    }
  }

  /** The type that wraps the quoting enclave's report and other certification data. */
  static final int QE_REPORT = 6;

  /** Reads type, length and content. */
  static CertificationData parse(ByteInput in) {
    int number = in.u16();
    byte[] content = in.bytes(in.u32());
    for (Type type : Type.values()) {
      if (type.number == number) {
        if (type.length >= 0 && content.length != type.length) {
          throw new Unreadable(
              "certification data of type " + number + " has not " + type.length + " bytes");
        }
        return new CertificationData(type, Bytes.of(content));
      }
    }
    throw new Unreadable("certification data has the unknown type " + number);
  }

  /** {@return whether certificates are in it} */
  boolean holdsCertificates() {
    return type == Type.PCK_LEAF || type == Type.PCK_CHAIN;
  }
}
