package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where the sealed package of a model version lies in a storage: {@code
 * <owner>/<name>/<version>.sealed}.
 *
 * @param model the model
 * @param version its version, from 1 on
 */
public record PackageLocation(ModelId model, long version) {

  private static final String SUFFIX = ".sealed";

  /** Checks the version. */
  public PackageLocation {
    requireNonNull(model, "model");
    if (version < 1) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "a model version is a number from 1 on");
    }
  }

  /** {@return the relative path, with slashes on every system} */
  public String path() {
    return model.owner().hex() + "/" + model.name() + "/" + version + SUFFIX;
  }

  /**
   * {@return the file in a storage folder}
   *
   * @param folder the storage folder
   */
  public Path in(Path folder) {
    return folder.resolve(model.owner().hex()).resolve(model.name()).resolve(version + SUFFIX);
  }

  /**
   * Reads a relative path.
   *
   * @param path the path
   * @return the location
   */
  public static PackageLocation parse(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0 || !path.endsWith(SUFFIX)) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "a package lies at <owner>/<name>/<version>" + SUFFIX);
    }
    return new PackageLocation(
        ModelId.parse(path.substring(0, slash)),
        VersionRule.parseVersion(path.substring(slash + 1, path.length() - SUFFIX.length())));
  }
}
