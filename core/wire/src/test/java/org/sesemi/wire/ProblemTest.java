package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

class ProblemTest {

  private static final Problem PROBLEM =
      Problem.of(new WireException(WireException.Code.FRAME_TOO_LARGE, "5 bytes, the limit is 4"))
          .withRequestId(RequestId.of(new byte[16]));

  @Test
  void theDocumentKeepsItsForm() {
    assertThat(PROBLEM.toJson().toText())
        .isEqualTo(
            "{\"type\":\"urn:sesemi:error:frame.too-large\",\"title\":\"Too large\",\"status\":413,"
                + "\"detail\":\"5 bytes, the limit is 4\",\"error\":\"5 bytes, the limit is 4\","
                + "\"code\":\"frame.too-large\",\"category\":\"too-large\",\"retryable\":false,"
                + "\"hint\":\"Send a smaller message.\","
                + "\"request_id\":\"00000000000000000000000000000000\"}");
    assertThat(Problem.decode(PROBLEM.encode())).isEqualTo(PROBLEM);
  }

  @Test
  void aRemoteFailureLooksLikeALocalOne() {
    RemoteException failure = RemoteException.ofAnswer(413, PROBLEM.encode());
    assertThat(failure.problem()).isEqualTo(PROBLEM);
    assertThat(failure.code()).isEqualTo("frame.too-large");
    assertThat(failure.errorCode().category()).isEqualTo(ErrorCategory.TOO_LARGE);
    assertThat(failure.errorCode().hint()).isEqualTo("Send a smaller message.");
    assertThat(failure.errorCode().retryable()).isFalse();
    assertThat(failure).hasMessage("5 bytes, the limit is 4");
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID, false", "404, NOT_FOUND, false", "418, INTERNAL, false", "500, INTERNAL, false",
    "502, UNAVAILABLE, true", "503, UNAVAILABLE, true", "504, DEADLINE, true", "429, BUSY, true",
    "200, INTERNAL, false"
  })
  void anAnswerOfSomebodyElseIsAProblemToo(int status, ErrorCategory category, boolean retryable) {
    byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
    Problem problem = Problem.ofAnswer(status, page);
    assertThat(problem.category()).isEqualTo(category);
    assertThat(problem.retryable()).isEqualTo(retryable);
    assertThat(problem.code()).isEqualTo(Problem.UNKNOWN_CODE);
  }

  @Test
  void everyMutationIsAProblem() {
    Mutation.all(PROBLEM.encode(), Property.random("mutated problems"))
        .forEach(m -> assertThat(Problem.ofAnswer(413, m.bytes()).status()).isBetween(400, 599));
  }

  @Test
  void codesHaveAForm() {
    String text = new String(PROBLEM.encode(), StandardCharsets.UTF_8);
    byte[] changed =
        text.replace("\"frame.too-large\"", "\"x y\"").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Problem.decode(changed)).isInstanceOf(WireException.class);
  }
}
