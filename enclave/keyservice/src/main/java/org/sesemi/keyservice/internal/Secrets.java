package org.sesemi.keyservice.internal;

import java.util.Arrays;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.wire.SecretField;

/** Moves keys between messages and the type that keeps them. */
final class Secrets {

  private Secrets() {}

  /** {@return the key of a message, which the caller closes} */
  static SecretBytes fromMessage(SecretField field) {
    return SecretBytes.takeOver(field.exposedCopy());
  }

  /** {@return a copy of a key for a message, which the caller closes} */
  static SecretField toMessage(SecretBytes secret) {
    byte[] exposed = secret.reveal(InsecureSecretAccess.get());
    try {
      return SecretField.copyOf(exposed);
    } finally {
      Arrays.fill(exposed, (byte) 0);
    }
  }
}
