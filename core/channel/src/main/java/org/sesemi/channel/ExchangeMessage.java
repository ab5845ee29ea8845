package org.sesemi.channel;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.sesemi.attestation.Evidence;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Cbor;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.CborValue;
import org.sesemi.wire.Problem;
import org.sesemi.wire.WireException;

/** A message of the first exchange, with which a connection is attested. */
sealed interface ExchangeMessage {

  /** The longest message, in bytes. */
  int MAX_LENGTH = 256 * 1024;

  /** The longest encoding of evidence: its bytes, and what stands around them. */
  int MAX_EVIDENCE = Evidence.MAX_LENGTH + 64;

  int MAX_CLAIMS = 64 * 1024;

  byte[] encode();

  /**
   * What the client says first.
   *
   * @param nonce 32 fresh bytes that the server's evidence has to cover
   * @param role how the client will prove what it is
   */
  record Hello(Bytes nonce, Role role) implements ExchangeMessage {

    @Override
    public byte[] encode() {
      return CborMap.versioned().put(1, nonce).put(2, role.text()).build().encode();
    }

    static Hello decode(byte[] encoded) {
      return read(encoded, r -> new Hello(r.byteString(1, ReportData.NONCE_LENGTH), Role.parse(r)));
    }
  }

  /** How a client proves what it is. */
  enum Role {
    /** By its key alone. */
    PARTY("party"),
    /** By evidence about the enclave that holds its key. */
    ENCLAVE("enclave");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    private static Role parse(CborReader reader) {
      String text = reader.text(2, 32);
      for (Role role : values()) {
        if (role.text.equals(text)) {
          return role;
        }
      }
      throw new ChannelException(Code.ROLE_REFUSED, "the client takes a role that nobody knows");
    }
  }

  /**
   * The server's answer.
   *
   * @param nonce 32 fresh bytes that the client's evidence has to cover
   * @param evidence the server's evidence
   * @param claims what it says about itself beyond that
   * @param binding what it says its evidence covers
   */
  record ServerProof(Bytes nonce, Bytes evidence, Bytes claims, Binding binding)
      implements ExchangeMessage {

    @Override
    public byte[] encode() {
      return CborMap.versioned()
          .put(1, nonce)
          .put(2, evidence)
          .put(3, claims)
          .put(4, Bytes.of(binding.encode()))
          .build()
          .encode();
    }

    static ServerProof decode(byte[] encoded) {
      return read(
          encoded,
          r -> {
            Bytes nonce = r.byteString(1, ReportData.NONCE_LENGTH);
            if (!r.has(2)) {
              throw new ChannelException(Code.EVIDENCE_MISSING, "the server sent no evidence");
            }
            return new ServerProof(
                nonce,
                Bytes.of(r.slice(2, 1, MAX_EVIDENCE)),
                Bytes.of(r.slice(3, 0, MAX_CLAIMS)),
                Binding.decode(r.bytes(4, 1, Binding.MAX_LENGTH)));
          });
    }
  }

  /**
   * The client's proof.
   *
   * @param evidence the client's evidence, when it is an enclave
   * @param claims what it says about itself beyond that; empty for a party
   * @param binding what it says its evidence covers; there exactly when evidence is
   */
  record ClientProof(Optional<Bytes> evidence, Bytes claims, Optional<Binding> binding)
      implements ExchangeMessage {

    /** Checks that evidence and binding come together. */
    public ClientProof {
      if (evidence.isPresent() != binding.isPresent()) {
        throw new ChannelException(Code.MALFORMED, "evidence and its binding come together");
      }
    }

    static ClientProof ofParty() {
      return new ClientProof(Optional.empty(), Bytes.empty(), Optional.empty());
    }

    @Override
    public byte[] encode() {
      CborMap.Builder builder = CborMap.versioned().put(2, claims);
      evidence.ifPresent(bytes -> builder.put(1, bytes));
      binding.ifPresent(said -> builder.put(3, Bytes.of(said.encode())));
      return builder.build().encode();
    }

    static ClientProof decode(byte[] encoded) {
      return read(
          encoded,
          r ->
              new ClientProof(
                  r.optionalBytes(1, 1, MAX_EVIDENCE).map(Bytes::of),
                  Bytes.of(r.slice(2, 0, MAX_CLAIMS)),
                  r.optionalBytes(3, 1, Binding.MAX_LENGTH).map(Binding::decode)));
    }
  }

  /**
   * The end of the exchange, said by the server; a refusal may come instead of any message of it.
   *
   * @param problem why the server refuses; absent when it accepts
   */
  record Outcome(Optional<Problem> problem) implements ExchangeMessage {

    static final Outcome ACCEPTED = new Outcome(Optional.empty());

    @Override
    public byte[] encode() {
      CborMap.Builder builder = CborMap.versioned().put(1, problem.isEmpty());
      problem.ifPresent(why -> builder.put(2, why.encode()));
      return builder.build().encode();
    }

    static Outcome decode(byte[] encoded) {
      return read(
          encoded,
          r -> {
            boolean ok = r.bool(1);
            Optional<Problem> problem =
                r.optionalBytes(2, 1, MAX_LENGTH).map(json -> Problem.decode(json));
            if (ok == problem.isPresent()) {
              throw new ChannelException(Code.MALFORMED, "an outcome contradicts itself");
            }
            return new Outcome(problem);
          });
    }
  }

  /** A refusal, when a message is one. */
  static Optional<Problem> refusal(byte[] encoded) {
    try {
      boolean outcome =
          Cbor.decode(ByteBuffer.wrap(encoded), Cbor.Limits.DEFAULT) instanceof CborValue.Map map
              && map.entries().get(new CborValue.Int(1)) instanceof CborValue.Bool;
      return outcome ? Outcome.decode(encoded).problem() : Optional.empty();
    } catch (WireException e) {
      return Optional.empty();
    }
  }

  /** Reads the fields of a message. */
  interface Fields<T> {
    T from(CborReader reader);
  }

  private static <T> T read(byte[] encoded, Fields<T> fields) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      T message = fields.from(reader);
      reader.finish();
      return message;
    } catch (WireException e) {
      boolean version = e.errorCode() == WireException.Code.VERSION_UNKNOWN;
      throw new ChannelException(
          version ? Code.VERSION_UNKNOWN : Code.MALFORMED,
          "a message of the first exchange cannot be read: " + e.detail(),
          e);
    }
  }
}
