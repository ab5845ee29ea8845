package org.sesemi.sdk.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Problem;
import org.sesemi.wire.RemoteException;
import org.sesemi.wire.RequestId;

/** Sends sealed requests to a packer, which sees nothing but what it needs to route them. */
public final class PackerChannel implements AutoCloseable {

  /**
   * What came back.
   *
   * @param body the sealed answer
   * @param path what the function says it had to do first
   * @param stages how long it says each stage took, in milliseconds
   */
  public record Received(Bytes body, Optional<String> path, Map<String, Double> stages) {}

  private static final int MAX_STAGES = 64;

  private final URI packer;
  private final HttpClient client;

  /**
   * Makes a channel; nothing is sent yet.
   *
   * @param packer the packer's address
   */
  public PackerChannel(URI packer) {
    this.packer = packer;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Sends a sealed request and waits for the sealed answer.
   *
   * @param sealed the request
   * @param requestId its name
   * @param limit how long to wait
   * @return what came back
   * @throws RemoteException with what the packer or the function reports
   */
  public Received send(byte[] sealed, RequestId requestId, Duration limit) {
    HttpRequest request =
        HttpRequest.newBuilder(packer.resolve("/v1/invoke"))
            .timeout(limit)
            .header("Content-Type", "application/octet-stream")
            .header("X-Request-Id", requestId.hex())
            .POST(HttpRequest.BodyPublishers.ofByteArray(sealed))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new RemoteException(Problem.ofAnswer(response.statusCode(), response.body()));
      }
      return new Received(
          Bytes.of(response.body()),
          response.headers().firstValue("X-Sesemi-Path").filter(p -> p.matches("[a-z]{1,16}")),
          stages(response.headers().firstValue("Server-Timing").orElse("")));
    } catch (HttpTimeoutException e) {
      throw new SdkException(
          SdkException.Code.ANSWER_LATE,
          "no answer came in " + limit.toMillis() / 1000.0 + " s",
          e);
    } catch (ConnectException e) {
      throw new SdkException(
          SdkException.Code.PACKER_UNREACHABLE, "nobody listens at " + packer, e);
    } catch (IOException e) {
      throw new SdkException(
          SdkException.Code.PACKER_UNREACHABLE, "the connection to " + packer + " broke", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SdkException(SdkException.Code.ANSWER_LATE, "interrupted", e);
    }
  }

  /** Reads {@code attest;dur=12.3, load;dur=4}; what is not understood is left out. */
  static Map<String, Double> stages(String header) {
    Map<String, Double> stages = new LinkedHashMap<>();
    for (String entry : header.split(",", -1)) {
      String[] fields = entry.strip().split(";", -1);
      for (int i = 1; i < fields.length && stages.size() < MAX_STAGES; i++) {
        String field = fields[i].strip();
        if (field.matches("dur=[0-9]{1,9}(\\.[0-9]{1,9})?") && fields[0].matches("[a-z-]{1,32}")) {
          stages.put(fields[0], Double.parseDouble(field.substring(4)));
        }
      }
    }
    return stages;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
