package org.sesemi.attestation;

import java.nio.charset.StandardCharsets;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;

/**
 * A payload with the signature of a simulated platform over a domain and the payload.
 *
 * @param payload the exact bytes that were signed
 * @param signature 64 bytes
 */
record SignedStatement(Bytes payload, Bytes signature) {

  static final byte[] REPORT_DOMAIN =
      "sesemi/v1/simulated/report".getBytes(StandardCharsets.US_ASCII);
  static final byte[] LAUNCH_DOMAIN =
      "sesemi/v1/simulated/launch".getBytes(StandardCharsets.US_ASCII);

  private static final int MAX_PAYLOAD = 4096;

  static SignedStatement sign(SimulatedKey key, byte[] domain, byte[] payload) {
    return new SignedStatement(Bytes.of(payload), Bytes.of(key.sign(domain, payload)));
  }

  static SignedStatement decode(byte[] encoded) {
    CborReader reader = CborReader.versioned(encoded);
    Bytes payload = Bytes.of(reader.slice(1, 1, MAX_PAYLOAD));
    Bytes signature = reader.byteString(2, SimulatedKey.SIGNATURE_LENGTH);
    reader.finish();
    return new SignedStatement(payload, signature);
  }

  byte[] encode() {
    return CborMap.versioned().put(1, payload).put(2, signature).build().encode();
  }

  boolean signedBy(Bytes publicKey, byte[] domain) {
    return SimulatedKey.verify(publicKey, domain, payload.toArray(), signature.toArray());
  }
}
