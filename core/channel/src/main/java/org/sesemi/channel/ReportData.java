package org.sesemi.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Digest;

/**
 * What evidence of one side covers: this connection, this side of it, and the claims sent along.
 *
 * <p>Guarantees: evidence for one nonce, pair of keys, connection, role or set of claims is none
 * for any other, because every field goes into the digest with its length.
 */
final class ReportData {

  static final int NONCE_LENGTH = 32;

  private static final String DOMAIN = "sesemi/v1/channel";
  private static final int VERSION = 1;

  /** The side that produces the evidence. */
  enum Producer {
    CLIENT("client"),
    SERVER("server");

    private final String text;

    Producer(String text) {
      this.text = text;
    }
  }

  private ReportData() {}

  /**
   * Calculates the 64 bytes.
   *
   * @param producer who attests
   * @param peerNonce 32 fresh bytes from the other side
   * @param clientKey the key in the client's certificate
   * @param serverKey the key in the server's certificate
   * @param exporter the exporter value of the connection
   * @param claims the claims that the producer sends along
   */
  static byte[] of(
      Producer producer,
      byte[] peerNonce,
      IdentityPublicKey clientKey,
      IdentityPublicKey serverKey,
      byte[] exporter,
      byte[] claims) {
    if (peerNonce.length != NONCE_LENGTH || exporter.length != PlainTls.EXPORTER_LENGTH) {
      throw new IllegalArgumentException("nonce and exporter value have 32 bytes");
    }
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
    add(digest, DOMAIN.getBytes(StandardCharsets.US_ASCII));
    add(digest, new byte[] {VERSION >> 8, VERSION});
    add(digest, producer.text.getBytes(StandardCharsets.US_ASCII));
    add(digest, peerNonce);
    add(digest, Digest.sha256(clientKey.subjectPublicKeyInfo()).bytes());
    add(digest, Digest.sha256(serverKey.subjectPublicKeyInfo()).bytes());
    add(digest, exporter);
    add(digest, Digest.sha256(claims).bytes());
    return digest.digest();
  }

  private static void add(MessageDigest digest, byte[] field) {
    digest.update(ByteBuffer.allocate(4).putInt(field.length).array());
    digest.update(field);
  }
}
