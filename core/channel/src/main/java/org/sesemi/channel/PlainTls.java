package org.sesemi.channel;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.InsecureSecretAccess;

/**
 * TLS 1.3 as the channel uses it: a secret channel between two Ed25519 keys, and nothing more.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Version 1.3 only; the JDK's own implementation whatever else is registered.
 *   <li>Both sides show exactly one {@link PlainCertificate} and prove that they hold its key. That
 *       is all the trust managers decide: <em>which</em> keys are acceptable is decided afterwards,
 *       by attestation for enclaves and by the key itself for parties. There are no certificate
 *       authorities and no host names to check, so none can be trusted by mistake.
 *   <li>Nothing is resumed: each connection has a context of its own, which ends with it, and a
 *       server sends no tickets. So every connection has an exporter value that no other has.
 * </ul>
 */
final class PlainTls {

  /** The bytes of the exporter value that evidence covers. */
  static final int EXPORTER_LENGTH = 32;

  private static final String EXPORTER_LABEL = "EXPORTER-sesemi-attestation";
  private static final String PROVIDER = "SunJSSE";
  private static final String[] PROTOCOLS = {"TLSv1.3"};
  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };
  private static final String[] GROUPS = {"x25519", "secp256r1"};
  private static final String[] SIGNATURES = {"ed25519"};

  /** The longest life of a ticket that TLS allows is a week; asking for more means none. */
  private static final int NO_TICKETS = Integer.MAX_VALUE;

  private final KeyManager[] keyManagers;

  PlainTls(IdentityKey key) {
    this(PlainCertificate.parsed(key), key.toJdk(InsecureSecretAccess.get()));
  }

  /** Shows any certificate; what is not plain is refused by the other side. */
  PlainTls(X509Certificate certificate, PrivateKey key) {
    this.keyManagers = new KeyManager[] {new OneKey(certificate, key)};
  }

  /** Wraps a connected socket; the handshake has not begun. */
  SSLSocket wrap(Socket socket, boolean client) throws IOException {
    return wrap(newContext(), socket, client);
  }

  static SSLSocket wrap(SSLContext context, Socket socket, boolean client) throws IOException {
    String peer = socket.getInetAddress().getHostAddress();
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, peer, socket.getPort(), true);
    tls.setUseClientMode(client);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(SUITES);
    parameters.setNamedGroups(GROUPS);
    parameters.setSignatureSchemes(SIGNATURES);
    if (!client) {
      parameters.setNeedClientAuth(true);
    }
    tls.setSSLParameters(parameters);
    return tls;
  }

  /** The key of the peer after the handshake. */
  static IdentityPublicKey peerKey(SSLSocket socket) {
    try {
      return onlyKey(socket.getSession().getPeerCertificates());
    } catch (CertificateException | IOException e) {
      throw new ChannelException(Code.CERTIFICATE, "the peer shows no plain certificate", e);
    }
  }

  /** Bytes that both ends of this connection know and nobody else does. */
  static byte[] exporter(SSLSocket socket) {
    SSLSession session = socket.getSession();
    try {
      if (session instanceof ExtendedSSLSession extended
          && session.getProtocol().equals(PROTOCOLS[0])) {
        return extended.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_LENGTH);
      }
    } catch (IOException e) {
      throw new ChannelException(Code.TLS, "the connection has no exporter value", e);
    }
    throw new ChannelException(Code.TLS, "the connection is not TLS 1.3");
  }

  SSLContext newContext() {
    return newContext(new PlainOnly());
  }

  SSLContext newContext(TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOLS[0], PROVIDER);
      context.init(keyManagers, new TrustManager[] {trust}, new SecureRandom());
      context.getServerSessionContext().setSessionTimeout(NO_TICKETS);
      context.getServerSessionContext().setSessionCacheSize(1);
      context.getClientSessionContext().setSessionCacheSize(1);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks TLS 1.3", e);
    }
  }

  private static IdentityPublicKey onlyKey(Certificate[] chain) throws CertificateException {
    if (chain.length != 1 || !(chain[0] instanceof X509Certificate certificate)) {
      throw new CertificateException("a peer shows exactly one certificate");
    }
    return PlainCertificate.keyOf(certificate);
  }

  /** Accepts the one form of certificate there is. See the guarantees above for why that is all. */
  private static final class PlainOnly extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      IdentityPublicKey _ = onlyKey(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      IdentityPublicKey _ = onlyKey(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("engines are not used");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("engines are not used");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("a connection is needed");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("a connection is needed");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Shows the one certificate, whatever the peer asks for. */
  private static final class OneKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "key";

    private final X509Certificate certificate;
    private final PrivateKey key;

    OneKey(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }
}
