package org.sesemi.attestation.internal.tpm;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.RandomSource;

/**
 * Speaks the command interface of a TPM 2.0 (Part 3), as far as attestation needs it. All
 * authorisation values are empty, as firmware and kernel leave them. Every method throws {@link
 * AttestationException} with {@code attestation.platform-unavailable} when the TPM cannot be
 * reached, refuses, or answers in another form. Not thread-safe.
 */
public final class TpmClient implements AutoCloseable {

  /** The owner hierarchy. */
  public static final long OWNER = 0x40000001L;

  /** The endorsement hierarchy. */
  public static final long ENDORSEMENT = 0x4000000bL;

  /** The platform hierarchy. */
  public static final long PLATFORM = 0x4000000cL;

  /** The authorisation that an empty password is. */
  public static final long PASSWORD = TpmCommand.PASSWORD;

  /** Where manufacturers put the certificate of the RSA endorsement key. */
  public static final long EK_CERTIFICATE_RSA = 0x01c00002L;

  /** Where manufacturers put the certificate of the endorsement key on P-256. */
  public static final long EK_CERTIFICATE_ECC = 0x01c0000aL;

  static final int HEADER = 10;

  private static final int INITIALISED_ALREADY = 0x100;
  private static final int NV_HANDLE_UNKNOWN = 0x18b;
  private static final int POLICY_SESSION = 1;
  private static final int NONCE_LENGTH = 16;
  private static final int NV_CHUNK = 512;
  private static final long NV_AUTH_READ = 1L << 18;
  private static final int MAX_BUFFER = 2048;
  private static final int MAX_NAME = 66;

  private final TpmConnection connection;
  private final RandomSource random;

  /**
   * A key that was made below a parent and is not loaded.
   *
   * @param privatePart the part that only this TPM can open
   * @param publicArea the public area
   */
  public record Created(Bytes privatePart, TpmtPublic publicArea) {}

  /**
   * A key in the TPM.
   *
   * @param handle its handle, valid until it is flushed
   * @param publicArea the public area
   */
  public record Loaded(long handle, TpmtPublic publicArea) {}

  /**
   * A signed quote.
   *
   * @param message what is signed
   * @param signature the signature (TPMT_SIGNATURE)
   */
  public record Quoted(Bytes message, Bytes signature) {}

  /**
   * Makes a client.
   *
   * @param device the way to the TPM, which the client closes
   * @param random where the nonces of sessions come from
   */
  public TpmClient(TpmDevice device, RandomSource random) {
    this.connection = new TpmConnection(device);
    this.random = random;
  }

  /** Starts a TPM that no firmware has started; one that runs already stays as it is. */
  public void startup() {
    TpmConnection.Answer answer =
        connection.exchange(TpmCommand.STARTUP, List.of(), List.of(), new TpmWriter().u16(0));
    if (answer.code() != 0 && answer.code() != INITIALISED_ALREADY) {
      throw TpmConnection.refused(TpmCommand.STARTUP, answer.code());
    }
  }

  /** {@return random bytes of the TPM, at most 32} */
  public byte[] random(int length) {
    return connection.run(
        TpmCommand.GET_RANDOM, new TpmWriter().u16(length), in -> sized(in).toArray());
  }

  /** Makes a primary key of a hierarchy, which is the same each time, and loads it. */
  public Loaded createPrimary(long hierarchy, TpmtPublic template) {
    return connection.run(
        TpmCommand.CREATE_PRIMARY,
        List.of(hierarchy),
        List.of(TpmCommand.PASSWORD),
        creation(template),
        (handles, in) -> {
          TpmtPublic area = TpmtPublic.parse(sized(in).toArray());
          in.rest();
          return new Loaded(handles.getFirst(), area);
        });
  }

  /**
   * Makes a key below a parent.
   *
   * @param parent the handle of the parent
   * @param session what authorises its use
   * @param template the public area without the key
   */
  public Created create(long parent, long session, TpmtPublic template) {
    return connection.run(
        TpmCommand.CREATE,
        List.of(parent),
        List.of(session),
        creation(template),
        (_, in) -> {
          Bytes privatePart = sized(in);
          TpmtPublic area = TpmtPublic.parse(sized(in).toArray());
          in.rest();
          return new Created(privatePart, area);
        });
  }

  /** Loads a key that was made below a parent. */
  public Loaded load(long parent, long session, Created key) {
    return connection.run(
        TpmCommand.LOAD,
        List.of(parent),
        List.of(session),
        new TpmWriter()
            .sized(key.privatePart().toArray())
            .sized(key.publicArea().encoded().toArray()),
        (handles, in) -> {
          Bytes name = Tpm2b.read(in, MAX_NAME, "a name");
          if (!name.equals(key.publicArea().name())) {
            throw new Unreadable("the TPM loaded a key with another name");
          }
          return new Loaded(handles.getFirst(), key.publicArea());
        });
  }

  /** {@return the public area of a loaded or persistent key} */
  public TpmtPublic readPublic(long handle) {
    return connection.run(
        TpmCommand.READ_PUBLIC,
        List.of(handle),
        List.of(),
        new TpmWriter(),
        (_, in) -> {
          TpmtPublic area = TpmtPublic.parse(sized(in).toArray());
          in.rest();
          return area;
        });
  }

  /** Takes a key or session out of the TPM. */
  public void flush(long handle) {
    connection.run(TpmCommand.FLUSH_CONTEXT, new TpmWriter().u32(handle), in -> true);
  }

  /** {@return a new policy session} */
  public long startPolicySession() {
    TpmWriter parameters =
        new TpmWriter()
            .sized(random.bytes(NONCE_LENGTH))
            .sized(new byte[0])
            .u8(POLICY_SESSION)
            .u16(TpmAlg.NULL)
            .u16(TpmHash.SHA256.id());
    return connection.run(
        TpmCommand.START_AUTH_SESSION,
        List.of(0x40000007L, 0x40000007L),
        List.of(),
        parameters,
        (handles, in) -> {
          sized(in);
          return handles.getFirst();
        });
  }

  /** Shows a policy session that the empty authorisation of a hierarchy is known. */
  public void policySecret(long hierarchy, long session) {
    connection.run(
        TpmCommand.POLICY_SECRET,
        List.of(hierarchy, session),
        List.of(TpmCommand.PASSWORD),
        new TpmWriter().u16(0).u16(0).u16(0).u32(0),
        (_, in) -> in.rest());
  }

  /** Quotes registers of the SHA-256 bank with a loaded key, by the key's own scheme. */
  public Quoted quote(long key, byte[] qualifyingData, List<Integer> registers) {
    TpmWriter parameters = new TpmWriter().sized(qualifyingData).u16(TpmAlg.NULL);
    PcrSelection.writeList(parameters, List.of(sha256(registers)));
    return connection.run(
        TpmCommand.QUOTE,
        List.of(key),
        List.of(TpmCommand.PASSWORD),
        parameters,
        (_, in) -> new Quoted(sized(in), Bytes.of(TpmtSignature.read(in).encode())));
  }

  /** {@return values of registers of the SHA-256 bank} */
  public SortedMap<Integer, Bytes> readPcrs(List<Integer> registers) {
    SortedMap<Integer, Bytes> values = new TreeMap<>();
    List<Integer> left = new ArrayList<>(registers);
    while (!left.isEmpty()) {
      TpmWriter parameters = new TpmWriter();
      PcrSelection.writeList(parameters, List.of(sha256(left)));
      int before = left.size();
      connection.run(
          TpmCommand.PCR_READ,
          parameters,
          in -> {
            in.u32();
            List<PcrSelection> read = PcrSelection.readList(in, "the answer");
            if (in.u32() != read.stream().mapToInt(each -> each.registers().size()).sum()) {
              throw new Unreadable("the TPM gave another number of registers than it says");
            }
            for (PcrSelection selection : read) {
              for (int register : selection.registers()) {
                values.put(register, sized(in));
                left.remove(Integer.valueOf(register));
              }
            }
            return true;
          });
      if (left.size() == before) {
        throw TpmConnection.unavailable("the TPM has no SHA-256 bank with the registers " + left);
      }
    }
    return values;
  }

  /** Extends a register of the SHA-256 bank. */
  public void extend(int register, byte[] digest) {
    connection.run(
        TpmCommand.PCR_EXTEND,
        List.of((long) register),
        List.of(TpmCommand.PASSWORD),
        new TpmWriter().u32(1).u16(TpmHash.SHA256.id()).bytes(digest),
        (_, _) -> true);
  }

  /**
   * {@return the content of an index of the non-volatile memory; empty when it is not defined}
   *
   * @param index the index
   */
  public Bytes readNv(long index) {
    TpmConnection.Answer known =
        connection.exchange(TpmCommand.NV_READ_PUBLIC, List.of(index), List.of(), new TpmWriter());
    if (known.code() == NV_HANDLE_UNKNOWN) {
      return Bytes.empty();
    }
    if (known.code() != 0) {
      throw TpmConnection.refused(TpmCommand.NV_READ_PUBLIC, known.code());
    }
    ByteInput area = ByteInput.bigEndian(sized(known.parameters()).toArray(), "an NV index");
    area.skip(6);
    long authority = (area.u32() & NV_AUTH_READ) != 0 ? index : OWNER;
    sized(area);
    int size = area.u16();
    TpmWriter content = new TpmWriter();
    while (content.size() < size) {
      int chunk = Math.min(NV_CHUNK, size - content.size());
      TpmWriter parameters = new TpmWriter().u16(chunk).u16(content.size());
      Bytes read =
          connection.run(
              TpmCommand.NV_READ,
              List.of(authority, index),
              List.of(TpmCommand.PASSWORD),
              parameters,
              (_, in) -> sized(in));
      if (read.length() != chunk) {
        throw TpmConnection.unavailable("the TPM gave another number of bytes than asked for");
      }
      content.bytes(read.toArray());
    }
    return Bytes.of(content.toArray());
  }

  /**
   * Opens a credential that was made for a loaded key (Part 3, 12.5).
   *
   * @param key the key whose name the credential is for
   * @param endorsement the key that it was encrypted to
   * @param session what authorises the use of the latter
   * @param blob the credential
   * @param secret the encrypted seed
   */
  public byte[] activateCredential(
      long key, long endorsement, long session, Bytes blob, Bytes secret) {
    return connection.run(
        TpmCommand.ACTIVATE_CREDENTIAL,
        List.of(key, endorsement),
        List.of(TpmCommand.PASSWORD, session),
        new TpmWriter().sized(blob.toArray()).sized(secret.toArray()),
        (_, in) -> sized(in).toArray());
  }

  @Override
  public void close() {
    connection.close();
  }

  private static TpmWriter creation(TpmtPublic template) {
    return new TpmWriter()
        .sized(new TpmWriter().u16(0).u16(0).toArray())
        .sized(template.encoded().toArray())
        .u16(0)
        .u32(0);
  }

  private static PcrSelection sha256(List<Integer> registers) {
    return new PcrSelection(TpmHash.SHA256.id(), registers.stream().sorted().distinct().toList());
  }

  private static Bytes sized(ByteInput in) {
    return Tpm2b.read(in, MAX_BUFFER, "a buffer of the answer");
  }
}
