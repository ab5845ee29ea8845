package org.sesemi.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.RandomSource;

/** The constants that all test vectors are made of: runs of bytes that count up. */
final class Fixed {

  static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

  static final IdentityKey OWNER = key(0x00);
  static final IdentityKey USER = key(0x20);
  static final IdentityKey CLUSTER = key(0x40);
  static final IdentityKey INSTANCE = key(0x60);

  static final RequestKey REQUEST_KEY =
      RequestKey.of(new KeyId(run(0x10, 16)), SecretBytes.copyOf(run(0x80, 32).toArray()));
  static final ModelKey MODEL_KEY =
      ModelKey.of(new KeyId(run(0x30, 16)), SecretBytes.copyOf(run(0xa0, 32).toArray()));

  static final ModelId MODEL = new ModelId(OWNER.id(), "wdbc-forest");
  static final long VERSION = 3;

  static final Digest MEASUREMENT = Digest.sha256(run(1, 1).toArray());
  static final Digest CONFIG = Digest.sha256(run(2, 1).toArray());
  static final Digest MANIFEST = Digest.sha256(run(3, 1).toArray());

  static final Genesis GENESIS =
      new Genesis(
          CLUSTER.publicKey(),
          NOW.minusSeconds(86_400),
          Digest.sha256(run(4, 1).toArray()),
          Digest.sha256(run(5, 1).toArray()),
          "simulated",
          key(0xc0).publicKey().value(),
          1,
          run(0xe0, 32));

  private Fixed() {}

  /** {@return that many bytes, counting up from the first} */
  static Bytes run(int first, int length) {
    byte[] run = new byte[length];
    for (int i = 0; i < length; i++) {
      run[i] = (byte) (first + i);
    }
    return Bytes.of(run);
  }

  /** {@return the identity whose seed counts up from a byte} */
  static IdentityKey key(int first) {
    return IdentityKey.ofSeed(SecretBytes.copyOf(run(first, IdentityKey.SEED_LENGTH).toArray()));
  }

  /** {@return a source that hands out exactly these bytes, in this order} */
  static RandomSource script(Bytes... parts) {
    Queue<Bytes> left = new ArrayDeque<>(List.of(parts));
    return target -> {
      Bytes next = left.remove();
      assertThat(target).as("randomness asked for").hasSize(next.length());
      System.arraycopy(next.toArray(), 0, target, 0, target.length);
    };
  }

  /** {@return the same message with another byte at one place} */
  static Bytes with(Bytes message, int at, int value) {
    byte[] changed = message.toArray();
    changed[at] = (byte) value;
    return Bytes.of(changed);
  }

  static Bytes bytes(ByteBuffer buffer) {
    return Bytes.of(buffer);
  }

  static String secret(SecretBytes secret) {
    return secret.use(InsecureSecretAccess.get(), bytes -> Bytes.of(bytes).hex());
  }

  static JsonObject none() {
    return JsonObject.builder().build();
  }
}
