package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * What a key service is told. The measured configuration is a JSON document with {@code apiVersion}
 * and {@code platform}; the parameters, which nothing is trusted because of, are {@code listen}
 * with host and port, and {@code data} with the path of the data folder. Anything unknown is
 * refused.
 *
 * @param listen where to listen; port 0 takes a free one
 * @param data the data folder
 */
public record ServerSettings(InetSocketAddress listen, Path data) {

  /** The version of the measured configuration. */
  public static final String API_VERSION = "sesemi/v1";

  private static final String LISTEN = "listen";
  private static final String DATA = "data";

  /** Checks the parts. */
  public ServerSettings {
    requireNonNull(listen, "listen");
    requireNonNull(data, "data");
  }

  /**
   * Reads what the platform hands to this launch.
   *
   * @param platform the platform
   * @return the settings
   * @throws KeyServiceException with {@code config.invalid}
   */
  public static ServerSettings of(EnclavePlatform platform) {
    checkMeasured(platform);
    Map<String, String> parameters = platform.parameters();
    TreeSet<String> unknown = new TreeSet<>(parameters.keySet());
    unknown.remove(LISTEN);
    unknown.remove(DATA);
    if (!unknown.isEmpty()) {
      throw invalid("unknown parameters " + unknown + "; known are listen and data");
    }
    return new ServerSettings(
        address(parameter(parameters, LISTEN)), folder(parameter(parameters, DATA)));
  }

  private static void checkMeasured(EnclavePlatform platform) {
    try {
      JsonFields fields = JsonFields.of(platform.config().toArray());
      String version = fields.text("apiVersion");
      PlatformKind kind = PlatformKind.parse(fields.text("platform"));
      fields.finish();
      if (!version.equals(API_VERSION)) {
        throw invalid("the configuration has apiVersion " + version + ", known is " + API_VERSION);
      }
      if (kind != platform.platform()) {
        throw invalid(
            "the configuration is for platform "
                + kind.text()
                + ", this is "
                + platform.platform().text());
      }
    } catch (WireException | AttestationException e) {
      throw new KeyServiceException(
          Code.CONFIG_INVALID, "the measured configuration: " + e.detail(), e);
    }
  }

  private static String parameter(Map<String, String> parameters, String name) {
    String value = parameters.get(name);
    if (value == null || value.isEmpty()) {
      throw invalid("the parameter " + name + " is missing");
    }
    return value;
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = colon < 1 ? -1 : Integer.parseInt(text.substring(colon + 1));
      if (port >= 0 && port <= 65_535) {
        InetSocketAddress address = new InetSocketAddress(text.substring(0, colon), port);
        if (!address.isUnresolved()) {
          return address;
        }
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for all.
    }
    throw invalid("listen is not host:port with a known host");
  }

  private static Path folder(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new KeyServiceException(Code.CONFIG_INVALID, "data is not a path", e);
    }
  }

  private static KeyServiceException invalid(String what) {
    return new KeyServiceException(Code.CONFIG_INVALID, what);
  }
}
