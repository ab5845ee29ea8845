package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sesemi.cli.internal.Fields;

/**
 * One function as the packer sees it.
 *
 * @param name its name
 * @param state where it stands
 * @param pid its process, 0 where there is none
 * @param restarts how often it was started again
 * @param details what else is known, in words
 */
public record FunctionView(String name, String state, long pid, int restarts, String details) {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Returns the form of documents. */
  public Fields fields() {
    return new Fields()
        .put("name", name)
        .put("state", state)
        .put("pid", pid)
        .put("restarts", restarts)
        .put("details", details);
  }

  /**
   * Asks a packer for its functions.
   *
   * @param packer the packer's address
   */
  public static List<FunctionView> ask(URI packer) {
    return List.of();
  }

  /**
   * Tells whether a packer lives.
   *
   * @param packer the packer's address
   */
  static boolean isLive(URI packer) {
    return get(packer.resolve("/health/live")).filter(r -> r.statusCode() == 200).isPresent();
  }

  private static Optional<HttpResponse<byte[]>> get(URI address) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build()) {
      return Optional.of(
          client.send(
              HttpRequest.newBuilder(address).timeout(LIMIT).build(),
              HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
