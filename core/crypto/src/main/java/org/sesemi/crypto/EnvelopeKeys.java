package org.sesemi.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import org.sesemi.wire.Bytes;

/** The key schedule of envelopes: 32 bytes of key and 12 of nonce, used for one message. */
final class EnvelopeKeys {

  private static final byte[] REQUEST = "sesemi/v1/request".getBytes(US_ASCII);
  private static final byte[] RESPONSE = "sesemi/v1/response".getBytes(US_ASCII);

  private EnvelopeKeys() {}

  static byte[] request(RequestKey key, Bytes salt) {
    return CryptoProvider.hkdf(key.secret(), salt.toArray(), REQUEST, SealedContent.KEY_MATERIAL);
  }

  static byte[] response(RequestKey key, Bytes requestSalt, ResponseHeader header) {
    ByteArrayOutputStream salt = new ByteArrayOutputStream();
    salt.writeBytes(requestSalt.toArray());
    salt.writeBytes(header.salt().toArray());
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    info.writeBytes(RESPONSE);
    info.writeBytes(header.requestDigest().bytes());
    info.writeBytes(header.measurement().bytes());
    info.writeBytes(header.configDigest().bytes());
    info.writeBytes(header.manifestDigest().bytes());
    return CryptoProvider.hkdf(
        key.secret(), salt.toByteArray(), info.toByteArray(), SealedContent.KEY_MATERIAL);
  }
}
