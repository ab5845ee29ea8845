package org.sesemi.platform;

import java.util.List;
import java.util.Optional;

/**
 * A place where functions run: it starts sandboxes when requests come, keeps them for a while, and
 * replaces those that end.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A function never has more sandboxes than its specification allows, and no sandbox is given
 *       more requests at a time than its concurrency.
 *   <li>Every invocation ends by its deadline, with an answer or a coded failure.
 *   <li>A request is sent at most once; it is repeated only when no byte of it had left.
 *   <li>The platform sees sealed bytes only and needs no key.
 * </ul>
 *
 * <p>Implementations can be used by any number of threads; calls block.
 */
public interface FunctionPlatform extends AutoCloseable {

  /**
   * Makes a function known. No sandbox is started before the first request.
   *
   * @param spec the function
   * @throws FunctionPlatformException with {@code function.exists} when the name is taken
   */
  void deploy(FunctionSpec spec);

  /**
   * Has a function answer a request.
   *
   * @param function its name
   * @param request the sealed request
   * @param deadline when to give up, on the platform's clock
   * @return its answer, whatever its status
   * @throws FunctionPlatformException with a code {@code function.*} when there is none
   */
  InvokeResult invoke(String function, byte[] request, Deadline deadline);

  /** {@return the names of all functions, sorted} */
  List<String> list();

  /**
   * Describes a function.
   *
   * @param function its name
   * @return what it is doing
   * @throws FunctionPlatformException with {@code function.unknown} when there is none
   */
  FunctionStatus describe(String function);

  /**
   * Forgets a function and ends its sandboxes. Requests in flight may fail.
   *
   * @param function its name
   * @throws FunctionPlatformException with {@code function.unknown} when there is none
   */
  void delete(String function);

  /** {@return why the platform could not start a sandbox now, or nothing when it could} */
  Optional<String> obstacle();

  /** Ends all sandboxes and releases everything. */
  @Override
  void close();
}
