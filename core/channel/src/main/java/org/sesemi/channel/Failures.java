package org.sesemi.channel;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.wire.WireException;

/** Gives failures of sockets, of TLS and of framing their codes. */
final class Failures {

  private Failures() {}

  static ChannelException of(IOException e, Watchdog.Watch watch) {
    if (watch.expired() || e instanceof SocketTimeoutException) {
      return new ChannelException(Code.TIMEOUT, "the peer took too long", e);
    }
    if (hasCause(e, CertificateException.class)) {
      return new ChannelException(Code.CERTIFICATE, "the peer shows no plain certificate", e);
    }
    if (hasCause(e, EOFException.class)) {
      return new ChannelException(Code.CUT, "the connection ended inside a message", e);
    }
    if (e instanceof SSLException) {
      return new ChannelException(Code.TLS, "TLS failed: " + e.getMessage(), e);
    }
    return new ChannelException(Code.CLOSED, "the connection broke: " + e.getMessage(), e);
  }

  static ChannelException ofFrame(WireException e) {
    return e.errorCode() == WireException.Code.FRAME_TOO_LARGE
        ? new ChannelException(Code.TOO_LARGE, "a message of the first exchange is too long", e)
        : new ChannelException(Code.CUT, "the connection ended inside the first exchange", e);
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }
}
