package org.sesemi.cli.internal;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version that the command names. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "sesemi " + (version == null ? "0.1.0-SNAPSHOT" : version),
      "Java " + Runtime.version() + ", simulated platform"
    };
  }
}
