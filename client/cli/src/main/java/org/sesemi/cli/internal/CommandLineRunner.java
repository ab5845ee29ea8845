package org.sesemi.cli.internal;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.CodedException;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line from its words to its exit code. */
public final class CommandLineRunner {

  /** The exit code of a command that was written wrongly. */
  public static final int USAGE_EXIT_CODE = 2;

  /** In the order of the help. */
  private static final List<Noun> COMMANDS =
      List.of(
          new Noun("demo", DemoCommand.class),
          new Noun("up", UpCommand.class),
          new Noun("down", DownCommand.class),
          new Noun("status", StatusCommand.class),
          new Noun("doctor", DoctorCommand.class),
          new Noun("key", KeyCommand.class),
          new Noun("model", ModelCommand.class),
          new Noun("grant", GrantCommand.class),
          new Noun("infer", InferCommand.class),
          new Noun("verify", VerifyCommand.class),
          new Noun("measure", MeasureCommand.class),
          new Noun("evidence", EvidenceCommand.class),
          new Noun("supervise", SuperviseCommand.class));

  /** A command by its first word. */
  private record Noun(String name, Class<?> type) {
    boolean is(String word) {
      return name.equals(word);
    }
  }

  private final Terminal terminal;

  /**
   * Makes a runner.
   *
   * @param terminal where commands take place
   */
  public CommandLineRunner(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Runs a command.
   *
   * @param arguments the command and its options
   * @return the exit code
   */
  public int run(String... arguments) {
    Session session = new Session(terminal);
    // Known before parsing, so that even a command that cannot be parsed answers in the form asked
    // for.
    session.json(List.of(arguments).contains("--json"));
    CommandLine commandLine = commandLine(session, arguments);
    commandLine.setParameterExceptionHandler((failure, _) -> usage(session, failure));
    commandLine.setExecutionExceptionHandler((failure, _, _) -> failed(session, failure));
    return commandLine.execute(arguments);
  }

  /** Returns the tree of all commands. */
  static CommandLine commandLine(Session session) {
    return commandLine(session, new String[0]);
  }

  /** Returns the tree of commands, or only the one that the first word names: it starts faster. */
  private static CommandLine commandLine(Session session, String[] arguments) {
    SessionFactory factory = new SessionFactory(session);
    CommandLine commandLine = new CommandLine(new SesemiCommand(session), factory);
    boolean named = arguments.length > 0 && COMMANDS.stream().anyMatch(one -> one.is(arguments[0]));
    for (Noun noun : COMMANDS) {
      if (!named || noun.is(arguments[0])) {
        commandLine.addSubcommand(noun.name(), new CommandLine(noun.type(), factory));
      }
    }
    commandLine.setOut(writer(session.terminal().out()));
    commandLine.setErr(writer(session.terminal().err()));
    commandLine.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            session.terminal().outStyled() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpLongOptionsMaxWidth(28);
    return commandLine;
  }

  private static PrintWriter writer(java.io.PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static int usage(Session session, ParameterException failure) {
    String message = failure.getMessage() == null ? "wrong usage" : failure.getMessage();
    String command = failure.getCommandLine().getCommandSpec().qualifiedName(" ");
    String hint = "See: " + command + " --help";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> meant =
          Suggestions.forWord(unmatched.getUnmatched().getFirst(), failure.getCommandLine());
      if (!meant.isEmpty()) {
        hint = "Did you mean: " + String.join(" or ", meant) + "? " + hint;
      }
    }
    session.output().failure(new UsageException(message, hint), Optional.empty());
    return USAGE_EXIT_CODE;
  }

  private static int failed(Session session, Exception failure) {
    if (failure instanceof ParameterException usage) {
      return usage(session, usage);
    }
    CodedException coded = coded(failure);
    Optional<Fields> details =
        failure instanceof FailureWithDetails detailed
            ? Optional.of(detailed.details())
            : Optional.empty();
    Optional<Fields> data =
        failure instanceof FailureWithDetails detailed ? detailed.data() : Optional.empty();
    session.output().failure(coded, details, data);
    if (coded.code().equals(CliException.Code.DEFECT.code())) {
      failure.printStackTrace(session.terminal().err());
    }
    return coded.errorCode().category().exitCode();
  }

  /** Names failures that come without a code of their own. */
  private static CodedException coded(Exception failure) {
    return switch (failure) {
      case CodedException coded -> coded;
      case FailureWithDetails detailed -> detailed.failure();
      case NoSuchFileException missing ->
          new SdkException(
              SdkException.Code.FILE_MISSING, "there is no file " + missing.getFile(), missing);
      case AccessDeniedException denied ->
          new SdkException(
              SdkException.Code.FILE_UNREADABLE, "no permission for " + denied.getFile(), denied);
      case UncheckedIOException unchecked when unchecked.getCause() != null ->
          coded(unchecked.getCause());
      case java.io.IOException input ->
          new SdkException(
              SdkException.Code.FILE_UNREADABLE, "reading or writing failed: " + input, input);
      case InterruptedException interrupted ->
          new CliException(CliException.Code.NOT_READY, "interrupted", interrupted);
      default ->
          new CliException(CliException.Code.DEFECT, "unexpected failure: " + failure, failure);
    };
  }

  /** Makes commands with their session. */
  private record SessionFactory(Session session) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Session.class) {
          return type.cast(constructor.newInstance(session));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
