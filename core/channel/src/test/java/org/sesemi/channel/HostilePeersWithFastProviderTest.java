package org.sesemi.channel;

import java.security.Provider;
import java.security.Security;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same again with another security provider registered. */
class HostilePeersWithFastProviderTest extends HostilePeersTest {

  private static Provider provider;

  @BeforeAll
  static void register() {
    provider = FastProvider.register();
  }

  @AfterAll
  static void remove() {
    Security.removeProvider(provider.getName());
  }
}
