package org.sesemi.cli.internal;

import java.util.List;
import java.util.Optional;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCode;

/**
 * Writes what a command has to say: results to standard output, everything else to standard error,
 * in one versioned JSON envelope when a program reads.
 */
public final class Output {

  /** The version of the JSON envelope. */
  public static final String API_VERSION = "sesemi/v1";

  private static final String DOCS = "docs/errors.md#";

  private final Terminal terminal;
  private final boolean json;
  private final boolean quiet;
  private final Style style;
  private final Style errStyle;

  /**
   * Makes an output.
   *
   * @param terminal where to write
   * @param json whether a program reads the results
   * @param quiet whether progress is of no interest
   */
  public Output(Terminal terminal, boolean json, boolean quiet) {
    this.terminal = terminal;
    this.json = json;
    this.quiet = quiet;
    this.style = new Style(terminal.outStyled() && !json);
    this.errStyle = new Style(terminal.errStyled());
  }

  /** Returns whether a program reads the results. */
  public boolean json() {
    return json;
  }

  /** Returns the colours of results. */
  public Style style() {
    return style;
  }

  /** Returns the colours of progress. */
  public Style errStyle() {
    return errStyle;
  }

  /** Tells the person who looks on that nothing here is protected. */
  public void banner() {
    if (!quiet) {
      terminal.err().println(errStyle.warning(Banner.TEXT));
    }
  }

  /**
   * Tells what goes on.
   *
   * @param text one line
   */
  public void progress(String text) {
    if (!quiet) {
      terminal.err().println(errStyle.faint("· ") + text);
    }
  }

  /**
   * Writes one line of a result that grows while a person watches; a program gets it at the end.
   *
   * @param line the line
   */
  public void line(String line) {
    if (!json) {
      terminal.out().println(line);
      terminal.out().flush();
    }
  }

  /**
   * Writes a result.
   *
   * @param result what was found
   */
  public void result(Result result) {
    if (json) {
      Fields envelope =
          new Fields()
              .put("apiVersion", API_VERSION)
              .put("status", "ok")
              .put("data", result.data());
      terminal.out().println(envelope.text());
    } else {
      result.lines().forEach(terminal.out()::println);
    }
    terminal.out().flush();
  }

  /**
   * Writes a failure: one line and a hint for people, the envelope for programs.
   *
   * @param failure what went wrong
   * @param details what a program may want to know beyond, such as the checks of a verification
   */
  public void failure(CodedException failure, Optional<Fields> details) {
    failure(failure, details, Optional.empty());
  }

  /**
   * Writes a failure that is a result: a verification that did not end in acceptance.
   *
   * @param failure what went wrong
   * @param details what a program may want to know beyond, as part of the error
   * @param data the result, beside the error
   */
  public void failure(CodedException failure, Optional<Fields> details, Optional<Fields> data) {
    ErrorCode code = failure.errorCode();
    String message = oneLine(failure.detail());
    if (json) {
      Fields error =
          new Fields()
              .put("code", code.code())
              .put("category", code.category().text())
              .put("retryable", code.retryable())
              .put("message", message)
              .put("hint", code.hint())
              .put("docs", DOCS + code.code());
      details.ifPresent(error::putAll);
      Fields envelope = new Fields().put("apiVersion", API_VERSION).put("status", "error");
      data.ifPresent(fields -> envelope.put("data", fields));
      terminal.out().println(envelope.put("error", error).text());
      terminal.out().flush();
    } else {
      terminal
          .err()
          .println(
              errStyle.bad("error:") + " " + message + errStyle.faint(" [" + code.code() + "]"));
      terminal.err().println(errStyle.strong("hint: ") + " " + code.hint());
    }
    terminal.err().flush();
  }

  /**
   * Writes lines to standard error, for people only.
   *
   * @param lines the lines
   */
  public void explain(List<String> lines) {
    if (!quiet && !json) {
      lines.forEach(terminal.err()::println);
    }
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
