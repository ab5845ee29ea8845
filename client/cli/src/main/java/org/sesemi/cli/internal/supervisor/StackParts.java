package org.sesemi.cli.internal.supervisor;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The parts of a stack and how each is started. */
interface StackParts {

  /**
   * A part's name with what starts it.
   *
   * @param name the name
   * @param starter what starts it
   */
  record Named(String name, Starter starter) {}

  /** Returns the parts in the order of their start. */
  List<Named> starters();

  /**
   * Tells how to find the present life of a part; called once, before any start.
   *
   * @param running the life of a part by its name, empty while it does not serve
   */
  void bind(Function<String, Optional<Running>> running);

  /**
   * Returns what goes on while a part starts, in words.
   *
   * @param name the part
   */
  String before(String name);

  /**
   * Does what a part's first start makes possible.
   *
   * @param name the part
   */
  void after(String name) throws InterruptedException;
}
