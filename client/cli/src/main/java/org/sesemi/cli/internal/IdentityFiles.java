package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;

/** Reads and writes the files of identities, which hold the secret seed. */
final class IdentityFiles {

  private IdentityFiles() {}

  static IdentityKey generate() {
    return IdentityKey.generate(RandomSource.secure());
  }

  static void write(Path file, IdentityKey key) {
    byte[] encoded = key.encode(InsecureSecretAccess.get());
    byte[] text =
        new Fields()
            .put("apiVersion", Output.API_VERSION)
            .put("kind", "Identity")
            .put("id", key.id().hex())
            .put("secret", HexFormat.of().formatHex(encoded))
            .text()
            .getBytes(StandardCharsets.UTF_8);
    try {
      PrivateFiles.write(file, text);
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot write " + file, e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }

  /** Reads the public id alone. */
  static PartyId id(Path file) {
    return StateFile.read(file, json -> PartyId.parse(json.text("id")));
  }

  /** Reads the secret; the caller closes it. */
  static IdentityKey read(Path file) {
    try {
      if (PrivateFiles.isOpenToOthers(file)) {
        throw new CliException(
            CliException.Code.HOME_OPEN, "other users of this machine may read " + file);
      }
    } catch (IOException e) {
      throw new CliException(CliException.Code.STATE_DAMAGED, "cannot read " + file, e);
    }
    return StateFile.read(file, json -> key(json, file));
  }

  private static IdentityKey key(JsonFields json, Path file) {
    byte[] encoded = new byte[0];
    try {
      encoded = HexFormat.of().parseHex(json.text("secret"));
      IdentityKey key = IdentityKey.decode(encoded);
      if (!key.id().hex().equals(json.text("id"))) {
        key.close();
        throw new CliException(
            CliException.Code.STATE_DAMAGED, file + " is damaged: id and secret do not match");
      }
      return key;
    } catch (IllegalArgumentException e) {
      throw new CliException(CliException.Code.STATE_DAMAGED, file + " is damaged", e);
    } catch (CodedException e) {
      throw new CliException(
          CliException.Code.STATE_DAMAGED, file + " is damaged: " + e.detail(), e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }
}
