package org.sesemi.wire;

/** A failure that another process reported in a {@link Problem}. */
public final class RemoteException extends CodedException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /**
   * Makes a failure from what the other process reported.
   *
   * @param problem its report
   */
  public RemoteException(Problem problem) {
    super(new RemoteCode(problem), problem.detail());
    this.problem = problem;
  }

  /**
   * {@return the failure that an HTTP answer reports}
   *
   * @param status the HTTP status
   * @param body the body, a problem document or anything else
   */
  public static RemoteException ofAnswer(int status, byte[] body) {
    return new RemoteException(Problem.ofAnswer(status, body));
  }

  /** {@return the report} */
  public Problem problem() {
    return problem;
  }

  private record RemoteCode(Problem problem) implements ErrorCode {
    @Override
    public String code() {
      return problem.code();
    }

    @Override
    public ErrorCategory category() {
      return problem.category();
    }

    @Override
    public boolean retryable() {
      return problem.retryable();
    }

    @Override
    public String hint() {
      return problem.hint();
    }
  }
}
