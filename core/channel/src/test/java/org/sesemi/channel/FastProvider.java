package org.sesemi.channel;

import java.security.Provider;
import java.security.Security;

/** Registers the fast provider last, as services do, for tests that must not notice it. */
final class FastProvider {

  private FastProvider() {}

  static Provider register() {
    try {
      Provider provider =
          (Provider) Class.forName("org.conscrypt.Conscrypt").getMethod("newProvider").invoke(null);
      if (Security.addProvider(provider) < 0) {
        throw new AssertionError("the provider is registered already");
      }
      return provider;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the provider is a test dependency of this module", e);
    }
  }
}
