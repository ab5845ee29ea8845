package org.sesemi.testenclave;

import java.util.concurrent.CountDownLatch;

/** A process that is no enclave: it says nonsense to its platform and stays. */
public final class Babbler {

  private Babbler() {}

  /**
   * Talks.
   *
   * @param arguments none
   * @throws InterruptedException when interrupted
   */
  public static void main(String[] arguments) throws InterruptedException {
    System.out.println("this is not a message of the protocol");
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
