package org.sesemi.vendors;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an attestation document of a test enclave says. Every method changes one field and returns
 * this. Not thread-safe.
 */
public final class NitroPayload {

  private static final int REGISTERS = 16;
  private static final int REGISTER_LENGTH = 48;

  private final Map<String, byte[]> fields = new LinkedHashMap<>();
  private final Map<Integer, byte[]> pcrs = new LinkedHashMap<>();

  NitroPayload(byte[] leaf, List<byte[]> bundle, Instant time) {
    moduleId("i-0123456789abcdef0-enc0123456789abcdef");
    digest("SHA384");
    timestamp(time.toEpochMilli());
    for (int i = 0; i < REGISTERS; i++) {
      byte[] value = new byte[REGISTER_LENGTH];
      Arrays.fill(value, (byte) (i < 5 ? i + 1 : 0));
      pcrs.put(i, value);
    }
    put("pcrs", out -> {});
    certificate(leaf);
    bundle(bundle);
    publicKey(null);
    userData(null);
    nonce(null);
  }

  /** Sets the module. */
  public NitroPayload moduleId(String text) {
    return put("module_id", out -> out.text(text));
  }

  /** Sets the hash. */
  public NitroPayload digest(String text) {
    return put("digest", out -> out.text(text));
  }

  /** Sets the time in milliseconds since 1970. */
  public NitroPayload timestamp(long milliseconds) {
    return put("timestamp", out -> out.integer(milliseconds));
  }

  /** Sets a register. */
  public NitroPayload pcr(int index, byte[] value) {
    pcrs.put(index, value.clone());
    return this;
  }

  /** Takes a register away. */
  public NitroPayload withoutPcr(int index) {
    pcrs.remove(index);
    return this;
  }

  /** Sets the leaf. */
  public NitroPayload certificate(byte[] der) {
    return put("certificate", out -> out.bytes(der));
  }

  /** Sets the issuers. */
  public NitroPayload bundle(List<byte[]> certificates) {
    return put(
        "cabundle",
        out -> {
          out.array(certificates.size());
          certificates.forEach(out::bytes);
        });
  }

  /** Sets the public key; null is written as such. */
  public NitroPayload publicKey(byte @Nullable [] bytes) {
    return putOptional("public_key", bytes);
  }

  /** Sets the user data; null is written as such. */
  public NitroPayload userData(byte @Nullable [] bytes) {
    return putOptional("user_data", bytes);
  }

  /** Sets the nonce; null is written as such. */
  public NitroPayload nonce(byte @Nullable [] bytes) {
    return putOptional("nonce", bytes);
  }

  /** Sets a field, known or not, to any item. */
  public NitroPayload put(String key, Consumer<CborOut> value) {
    CborOut out = new CborOut();
    value.accept(out);
    fields.put(key, out.toBytes());
    return this;
  }

  /** Takes a field away. */
  public NitroPayload without(String key) {
    fields.remove(key);
    return this;
  }

  /** {@return the encoding} */
  public byte[] encode() {
    CborOut out = new CborOut().map(fields.size());
    writeFields(out);
    return out.toBytes();
  }

  /** {@return the encoding in a map of indefinite length} */
  public byte[] encodeIndefinite() {
    CborOut out = new CborOut().indefinite(5);
    writeFields(out);
    return out.end().toBytes();
  }

  /** {@return the encoding with one field written twice} */
  public byte[] encodeTwice(String key) {
    CborOut out = new CborOut().map(fields.size() + 1L);
    writeFields(out);
    return out.text(key).raw(fields.getOrDefault(key, new byte[] {0})).toBytes();
  }

  private void writeFields(CborOut out) {
    fields.forEach(
        (key, value) -> {
          out.text(key);
          if (key.equals("pcrs") && value.length == 0) {
            out.map(pcrs.size());
            pcrs.forEach((index, register) -> out.integer(index).bytes(register));
          } else {
            out.raw(value);
          }
        });
  }

  private NitroPayload putOptional(String key, byte @Nullable [] bytes) {
    return put(
        key,
        out -> {
          if (bytes == null) {
            out.none();
          } else {
            out.bytes(bytes);
          }
        });
  }
}
