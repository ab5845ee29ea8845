package org.sesemi.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.function.IntFunction;
import javax.crypto.Cipher;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.EnvelopeFrame;

/**
 * The sealed part of an envelope: a content of known length, padded, under a key used once.
 *
 * <p>Plaintext: u32 length | content | zeros up to the padded length. Ciphertext: AES-256-GCM of it
 * with the envelope's bytes before the ciphertext as associated data.
 */
final class SealedContent {

  static final int KEY_MATERIAL = CryptoProvider.KEY_LENGTH + CryptoProvider.NONCE_LENGTH;

  private static final int LENGTH_FIELD = 4;

  private SealedContent() {}

  /** Seals a content whose payload the caller has not copied anywhere yet. */
  static ByteBuffer seal(
      CryptoProvider provider,
      EnvelopeFrame.Kind kind,
      byte[] header,
      byte[] keyMaterial,
      CborMap.Around content,
      ByteBuffer payload) {
    int plainLength = Padding.padded(LENGTH_FIELD + content.length());
    byte[] prefix =
        EnvelopeFrame.prefix(kind, header, Math.addExact(plainLength, CryptoProvider.TAG_LENGTH));
    ByteBuffer plain = ByteBuffer.allocateDirect(plainLength);
    ByteBuffer envelope =
        ByteBuffer.allocateDirect(
            Math.addExact(prefix.length, plainLength + CryptoProvider.TAG_LENGTH));
    try {
      plain.putInt(content.length());
      content.writeTo(plain).put(payload.duplicate());
      plain.clear();
      envelope.put(prefix);
      Cipher cipher = provider.aesGcm(Cipher.ENCRYPT_MODE, keyMaterial);
      cipher.updateAAD(prefix);
      cipher.doFinal(plain, envelope);
      return envelope.flip();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM cannot encrypt", impossible);
    } finally {
      wipe(plain);
      Arrays.fill(keyMaterial, (byte) 0);
    }
  }

  /**
   * Opens a sealed content into a buffer of the caller's choice.
   *
   * @return the whole plaintext buffer, and the content as a slice of it
   */
  static Opened open(
      CryptoProvider provider,
      EnvelopeFrame frame,
      byte[] keyMaterial,
      IntFunction<ByteBuffer> buffers) {
    ByteBuffer sealed = frame.body();
    if (sealed.remaining() < LENGTH_FIELD + CryptoProvider.TAG_LENGTH) {
      Arrays.fill(keyMaterial, (byte) 0);
      throw malformed("the sealed part is too short");
    }
    int plainLength = sealed.remaining() - CryptoProvider.TAG_LENGTH;
    ByteBuffer plain = buffers.apply(plainLength);
    boolean opened = false;
    try {
      Cipher cipher = provider.aesGcm(Cipher.DECRYPT_MODE, keyMaterial);
      cipher.updateAAD(frame.associatedData());
      cipher.doFinal(sealed, plain);
      plain.flip();
      ByteBuffer content = content(plain);
      opened = true;
      return new Opened(plain, content);
    } catch (GeneralSecurityException refused) {
      throw new CryptoException(
          CryptoException.Code.ENVELOPE_TAMPERED,
          "the envelope does not open under its key",
          refused);
    } finally {
      Arrays.fill(keyMaterial, (byte) 0);
      if (!opened) {
        wipe(plain);
      }
    }
  }

  record Opened(ByteBuffer plain, ByteBuffer content) {}

  /**
   * The sender is authenticated by now; a wrong padding is its defect, and refused all the same.
   */
  private static ByteBuffer content(ByteBuffer plain) {
    long length = Integer.toUnsignedLong(plain.getInt(0));
    if (length > plain.remaining() - LENGTH_FIELD
        || Padding.padded(LENGTH_FIELD + (int) length) != plain.remaining()) {
      throw malformed("the length of the content does not fit its padding");
    }
    for (int at = LENGTH_FIELD + (int) length; at < plain.limit(); at++) {
      if (plain.get(at) != 0) {
        throw malformed("the padding is not zero");
      }
    }
    return plain.slice(LENGTH_FIELD, (int) length);
  }

  static void wipe(ByteBuffer buffer) {
    MemorySegment.ofBuffer(buffer.duplicate().clear()).fill((byte) 0);
  }

  private static CryptoException malformed(String message) {
    return new CryptoException(CryptoException.Code.ENVELOPE_MALFORMED, message);
  }
}
