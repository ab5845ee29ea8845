package org.sesemi.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * The key of one package and what each of its parts is bound to.
 *
 * <p>Key = HKDF(model key, package salt). The manifest has the nonce of twelve bytes 0xFF and
 * everything before it as associated data. Segment i has its number as nonce and, as associated
 * data, the digest of everything before the segments, its number and whether it is the last: so it
 * fits one place in one package only.
 */
final class PackageCipher implements AutoCloseable {

  static final int MAGIC = 0x53534D50;
  static final int VERSION = 1;
  static final int SEALED_SEGMENT = PackageHeader.SEGMENT_SIZE + CryptoProvider.TAG_LENGTH;

  private static final byte[] LABEL = "sesemi/v1/package".getBytes(US_ASCII);

  private final CryptoProvider provider;
  private final byte[] key;

  PackageCipher(CryptoProvider provider, ModelKey modelKey, Bytes salt) {
    this.provider = provider;
    this.key =
        CryptoProvider.hkdf(modelKey.secret(), salt.toArray(), LABEL, CryptoProvider.KEY_LENGTH);
  }

  /** The clear beginning of a package: everything before the sealed manifest. */
  static byte[] prefix(byte[] header, int sealedManifestLength) {
    return ByteBuffer.allocate(4 + 2 + 4 + header.length + 4)
        .putInt(MAGIC)
        .putShort((short) VERSION)
        .putInt(header.length)
        .put(header)
        .putInt(sealedManifestLength)
        .array();
  }

  byte[] manifest(int mode, byte[] prefix, byte[] content) throws GeneralSecurityException {
    byte[] nonce = new byte[CryptoProvider.NONCE_LENGTH];
    Arrays.fill(nonce, (byte) 0xFF);
    Cipher cipher = provider.aesGcm(mode, key, nonce);
    cipher.updateAAD(prefix);
    return cipher.doFinal(content);
  }

  void segment(
      int mode, Digest manifestDigest, long index, boolean last, ByteBuffer from, ByteBuffer to)
      throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(CryptoProvider.NONCE_LENGTH).putLong(4, index).array();
    byte[] bound =
        ByteBuffer.allocate(Digest.LENGTH + Long.BYTES + 1)
            .put(manifestDigest.bytes())
            .putLong(index)
            .put((byte) (last ? 1 : 0))
            .array();
    Cipher cipher = provider.aesGcm(mode, key, nonce);
    cipher.updateAAD(bound);
    cipher.doFinal(from, to);
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }
}
