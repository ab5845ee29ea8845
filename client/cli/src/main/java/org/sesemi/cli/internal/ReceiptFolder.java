package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sesemi.sdk.ReceiptBundle;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Json;
import org.sesemi.wire.WireException;

/** The receipts that a person was given, and which one was the last. */
final class ReceiptFolder {

  private static final long MAX_SIZE = 1 << 20;

  private final HomeFolder home;

  ReceiptFolder(HomeFolder home) {
    this.home = home;
  }

  /** Keeps a receipt as the last one. */
  Path keep(ReceiptBundle receipt) {
    Path file = home.receipts().resolve(receipt.requestId().hex() + ".json");
    byte[] text = (Json.pretty(receipt.json()) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      PrivateFiles.write(file, text);
      PrivateFiles.write(pointer(), receipt.requestId().hex().getBytes(StandardCharsets.US_ASCII));
      return file;
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot keep the receipt", e);
    }
  }

  /** Returns the last receipt. */
  Path last() {
    try {
      if (!Files.exists(pointer())) {
        throw new CliException(
            CliException.Code.NOTHING_TO_VERIFY, "no receipt was kept in " + home.root() + " yet");
      }
      String id = Files.readString(pointer(), StandardCharsets.US_ASCII).strip();
      if (!id.matches("[0-9a-f]{32}")) {
        throw new CliException(CliException.Code.STATE_DAMAGED, pointer() + " is damaged");
      }
      return home.receipts().resolve(id + ".json");
    } catch (IOException e) {
      throw new CliException(CliException.Code.STATE_DAMAGED, "cannot read " + pointer(), e);
    }
  }

  /** Reads a receipt. */
  static ReceiptBundle read(Path file) {
    if (!Files.exists(file)) {
      throw new SdkException(SdkException.Code.FILE_MISSING, "there is no file " + file);
    }
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_SIZE) {
        throw new SdkException(SdkException.Code.RECEIPT_MALFORMED, file + " is not a receipt");
      }
      return ReceiptBundle.read(Json.parseObject(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, "cannot read " + file, e);
    } catch (WireException e) {
      throw new SdkException(
          SdkException.Code.RECEIPT_MALFORMED, file + " is not a receipt: " + e.detail(), e);
    }
  }

  private Path pointer() {
    return home.receipts().resolve("last");
  }
}
