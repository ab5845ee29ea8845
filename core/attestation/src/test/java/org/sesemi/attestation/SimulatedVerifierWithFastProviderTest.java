package org.sesemi.attestation;

import java.security.Provider;
import java.security.Security;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same verdicts with another security provider registered last, as services do. */
class SimulatedVerifierWithFastProviderTest extends SimulatedVerifierTest {

  private static Provider provider;

  @BeforeAll
  static void register() {
    try {
      provider =
          (Provider) Class.forName("org.conscrypt.Conscrypt").getMethod("newProvider").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the provider is a test dependency of this module", e);
    }
    if (Security.addProvider(provider) < 0) {
      throw new AssertionError("the provider is registered already");
    }
  }

  @AfterAll
  static void remove() {
    Security.removeProvider(provider.getName());
  }
}
