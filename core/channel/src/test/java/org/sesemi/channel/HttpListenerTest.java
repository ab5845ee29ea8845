package org.sesemi.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Problem;
import org.sesemi.wire.WireException;

class HttpListenerTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final HttpLimits QUICK =
      HttpLimits.DEFAULT.withTimeouts(
          Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300));
  private static final HttpHandler ECHO =
      request ->
          HttpResponse.ok("application/octet-stream", request.body())
              .with("X-Method", request.method())
              .with("X-Target", request.target())
              .with("X-Digest", Digest.sha256(request.body()).hex());

  @Test
  void aForeignClientGetsItsBodiesBackOverOneConnection() throws Exception {
    try (HttpListener listener = HttpListener.start(ANY, HttpLimits.DEFAULT, ECHO)) {
      RandomGenerator random = Property.random("bodies of any size");
      for (int size : new int[] {0, 1, 15_000, 16_384, 17_000, 600_000, 5_000_000}) {
        byte[] body = new byte[size];
        random.nextBytes(body);
        HttpURLConnection client =
            (HttpURLConnection) uri(listener, "/v1/echo?size=" + size).toURL().openConnection();
        client.setRequestMethod("POST");
        client.setDoOutput(true);
        client.setFixedLengthStreamingMode(size);
        client.getOutputStream().write(body);
        assertThat(client.getResponseCode()).isEqualTo(200);
        try (InputStream in = client.getInputStream()) {
          assertThat(in.readAllBytes()).isEqualTo(body);
        }
        assertThat(client.getHeaderField("X-Target")).isEqualTo("/v1/echo?size=" + size);
      }
      assertThat(listener.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void bodiesLieOutsideTheHeap() throws Exception {
    AtomicBoolean direct = new AtomicBoolean();
    try (HttpListener listener =
            HttpListener.start(
                ANY,
                HttpLimits.DEFAULT,
                request -> {
                  direct.set(request.body().isDirect());
                  return HttpResponse.text("fine");
                });
        RawClient client = new RawClient(listener.address())) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.response().text()).isEqualTo("fine");
    }
    assertThat(direct).isTrue();
  }

  @Test
  void everyRuleThatIsBrokenHasACodeAndEndsTheConnection() throws Exception {
    String ok = "GET / HTTP/1.1\r\nHost: a\r\n";
    Object[][] table = {
      {"GET /\r\n\r\n", "http.malformed"},
      {"GET  / HTTP/1.1\r\n\r\n", "http.malformed"},
      {"GET / HTTP/1.1 x\r\n\r\n", "http.malformed"},
      {"GET / HTTP/1.0\r\n\r\n", "http.version"},
      {"GET / HTTP/2.0\r\n\r\n", "http.version"},
      {"GET http://a/ HTTP/1.1\r\n\r\n", "http.malformed"},
      {"GET /\u0001 HTTP/1.1\r\n\r\n", "http.malformed"},
      {"GET /\u00e4 HTTP/1.1\r\n\r\n", "http.malformed"},
      {"G(T / HTTP/1.1\r\n\r\n", "http.malformed"},
      {"\r\nGET / HTTP/1.1\r\n\r\n", "http.malformed"},
      {ok + "A : b\r\n\r\n", "http.malformed"},
      {ok + " folded\r\n\r\n", "http.malformed"},
      {ok + "Name\r\n\r\n", "http.malformed"},
      {ok + ": b\r\n\r\n", "http.malformed"},
      {ok + "A: b\nC: d\r\n\r\n", "http.malformed"},
      {ok + "A: b\rC: d\r\n\r\n", "http.malformed"},
      {ok + "A: b\u0000\r\n\r\n", "http.malformed"},
      {ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "http.length"},
      {ok + "Content-Length: -1\r\n\r\n", "http.length"},
      {ok + "Content-Length: +1\r\n\r\n", "http.length"},
      {ok + "Content-Length: 1, 1\r\n\r\n", "http.length"},
      {ok + "Content-Length: 0x1\r\n\r\n", "http.length"},
      {ok + "Content-Length:\r\n\r\n", "http.length"},
      {ok + "Content-Length: 9999999999999999999\r\n\r\n", "http.length"},
      {ok + "Content-Length: 99999999999\r\n\r\n", "http.body-too-large"},
      {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "http.length"},
      {ok + "Expect: a miracle\r\n\r\n", "http.malformed"},
      {ok + "A: " + "b".repeat(20_000) + "\r\n\r\n", "http.header-too-large"},
      {ok + "A: b\r\n".repeat(101) + "\r\n", "http.header-too-large"},
      {ok + "\r\n" + ok + "\r\n", "http.pipelined"},
    };
    try (HttpListener listener = HttpListener.start(ANY, HttpLimits.DEFAULT, ECHO)) {
      for (Object[] row : table) {
        try (RawClient client = new RawClient(listener.address())) {
          RawClient.Response response = client.send((String) row[0]).response();
          assertThat(Problem.decode(response.body()).code()).as((String) row[0]).isEqualTo(row[1]);
          assertThat(response.head()).contains("Connection: close");
          assertThat(client.endOutput().rest()).isEmpty();
        }
      }
      Await.until(() -> listener.openConnections() == 0);
    }
  }

  @Test
  void requestsInPiecesOfAnySizeAreReadTheSame() throws Exception {
    try (HttpListener listener = HttpListener.start(ANY, HttpLimits.DEFAULT, ECHO)) {
      Property.check(
          "requests in pieces",
          40,
          random -> {
            try (RawClient client = new RawClient(listener.address())) {
              for (int i = random.nextInt(1, 4); i > 0; i--) {
                byte[] body = new byte[random.nextInt(40_000)];
                random.nextBytes(body);
                byte[] message = message(random, body);
                for (int at = 0; at < message.length; ) {
                  int piece = Math.min(message.length - at, random.nextInt(1, 4000));
                  byte[] part = new byte[piece];
                  System.arraycopy(message, at, part, 0, piece);
                  client.send(part);
                  at += piece;
                }
                RawClient.Response response = client.response();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo(body);
              }
            }
          });
    }
  }

  @Test
  void mutatedRequestsAreAnsweredOrRefusedAndTheServerGoesOn() throws Exception {
    try (HttpListener listener = HttpListener.start(ANY, QUICK, ECHO)) {
      Property.check(
          "mutated requests",
          1,
          random -> {
            byte[] message = message(random, "body".getBytes(UTF_8));
            for (Mutation mutation : Mutation.all(message, random).toList()) {
              try (RawClient client = new RawClient(listener.address())) {
                client.send(mutation.bytes()).endOutput();
                byte[] answer = client.rest();
                if (answer.length > 0) {
                  assertThat(new String(answer, UTF_8)).as(mutation.what()).startsWith("HTTP/1.1 ");
                }
              }
            }
          });
      try (RawClient client = new RawClient(listener.address())) {
        assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response().status())
            .isEqualTo(200);
      }
    }
  }

  @Test
  void whoSendsTooSlowlyIsCutOff() throws Exception {
    try (HttpListener listener = HttpListener.start(ANY, QUICK, ECHO)) {
      for (String start :
          new String[] {
            "", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"
          }) {
        try (RawClient client = new RawClient(listener.address())) {
          assertThat(client.send(start).rest()).as(start).isEmpty();
        }
      }
    }
  }

  @Test
  void whoDripsBytesIsCutOffAllTheSame() throws Exception {
    try (HttpListener listener = HttpListener.start(ANY, QUICK, ECHO);
        RawClient client = new RawClient(listener.address())) {
      client.send("GET / HTTP/1.1\r\nA: ");
      CountDownLatch ended = new CountDownLatch(1);
      Thread.ofVirtual()
          .name("drip")
          .start(
              () -> {
                try {
                  while (!ended.await(20, TimeUnit.MILLISECONDS)) {
                    client.send("b");
                  }
                } catch (IOException | InterruptedException cutOff) {
                  // What the test is about.
                }
              });
      assertThat(client.rest()).isEmpty();
      ended.countDown();
    }
  }

  @Test
  void whoDoesNotReadItsAnswerIsCutOff() throws Exception {
    byte[] large = new byte[64 << 20];
    try (HttpListener listener =
            HttpListener.start(ANY, QUICK, _ -> HttpResponse.ok("a/b", large));
        RawClient client = new RawClient(listener.address())) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Await.until(() -> listener.openConnections() == 1);
      Await.until(() -> listener.openConnections() == 0);
    }
  }

  @Test
  void oneConnectionOrRequestTooManyIsTold() throws Exception {
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch leave = new CountDownLatch(1);
    HttpHandler waiting =
        _ -> {
          entered.countDown();
          Await.released(leave);
          return HttpResponse.text("done");
        };
    try (HttpListener listener =
            HttpListener.start(ANY, HttpLimits.DEFAULT.withConcurrency(3, 2), waiting);
        RawClient first = new RawClient(listener.address());
        RawClient second = new RawClient(listener.address());
        RawClient third = new RawClient(listener.address())) {
      first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Await.released(entered);
      RawClient.Response refused = third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").response();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.head()).contains("Retry-After: 1");
      assertThat(Problem.decode(refused.body()).retryable()).isTrue();
      try (RawClient beside = new RawClient(listener.address());
          RawClient fourth = new RawClient(listener.address())) {
        assertThat(Problem.decode(fourth.response().body()).code()).isEqualTo("http.busy");
        beside.endOutput();
      }
      leave.countDown();
      assertThat(first.response().text()).isEqualTo("done");
      assertThat(second.response().text()).isEqualTo("done");
    }
  }

  @Test
  void moreBytesThanAllowedAtOnceAreRefused() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    HttpHandler waiting =
        _ -> {
          entered.countDown();
          Await.released(leave);
          return HttpResponse.text("done");
        };
    try (HttpListener listener =
            HttpListener.start(ANY, HttpLimits.DEFAULT.withBodyBytes(8192, 8192), waiting);
        RawClient first = new RawClient(listener.address());
        RawClient second = new RawClient(listener.address())) {
      String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000\r\n\r\n";
      String body = "b".repeat(8000);
      first.send(request + body);
      Await.released(entered);
      assertThat(Problem.decode(second.send(request + body).response().body()).code())
          .isEqualTo("http.busy");
      leave.countDown();
      assertThat(first.response().text()).isEqualTo("done");
    }
  }

  @Test
  void closingWaitsForRequestsInFlightAndRefusesNewOnes() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    HttpListener listener =
        HttpListener.start(
            ANY,
            HttpLimits.DEFAULT,
            _ -> {
              entered.countDown();
              Await.released(leave);
              return HttpResponse.text("done");
            });
    try (RawClient busy = new RawClient(listener.address());
        RawClient idle = new RawClient(listener.address())) {
      busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Await.released(entered);
      Thread closer = Thread.ofVirtual().name("closer").start(() -> listener.close());
      Await.until(
          () -> {
            try (RawClient late = new RawClient(listener.address())) {
              return late.rest().length == 0;
            } catch (IOException refused) {
              return true;
            }
          });
      leave.countDown();
      RawClient.Response last = busy.response();
      assertThat(last.text()).isEqualTo("done");
      assertThat(last.head()).contains("Connection: close");
      assertThat(idle.rest()).isEmpty();
      closer.join();
    }
  }

  @Test
  void failuresOfTheHandlerBecomeProblemsWithoutTheirSecrets() throws Exception {
    HttpHandler failing =
        request -> {
          if (request.path().equals("/coded")) {
            throw new WireException(WireException.Code.ID_MALFORMED, "told to the caller");
          }
          throw new IllegalStateException("not told to the caller");
        };
    try (HttpListener listener = HttpListener.start(ANY, HttpLimits.DEFAULT, failing);
        RawClient client = new RawClient(listener.address())) {
      RawClient.Response coded = client.send("GET /coded HTTP/1.1\r\n\r\n").response();
      assertThat(coded.status()).isEqualTo(400);
      assertThat(Problem.decode(coded.body()).detail()).isEqualTo("told to the caller");
      RawClient.Response other = client.send("GET /other HTTP/1.1\r\n\r\n").response();
      assertThat(other.status()).isEqualTo(500);
      assertThat(other.text()).doesNotContain("not told");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws Exception {
    try (HttpListener listener = HttpListener.start(ANY, HttpLimits.DEFAULT, ECHO);
        RawClient client = new RawClient(listener.address())) {
      client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.response().head()).startsWith("HTTP/1.1 100 ");
      assertThat(client.send("ok").response().text()).isEqualTo("ok");
      RawClient.Response head = client.send("HEAD / HTTP/1.1\r\n\r\n").response();
      assertThat(head.status()).isEqualTo(200);
    }
  }

  @Test
  void buffersStayWithinTheirBoundAndComeBack() {
    Property.check(
        "buffers of bodies",
        50,
        random -> {
          long bound = 1L << random.nextInt(14, 22);
          BodyBuffers buffers = new BodyBuffers(bound);
          List<BodyBuffers.Lease> lent = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            if (random.nextBoolean()) {
              int length = random.nextInt(0, (int) Math.min(bound, 1 << 18));
              buffers
                  .borrow(length)
                  .ifPresent(
                      lease -> {
                        ByteBuffer buffer = lease.buffer(length);
                        assertThat(buffer.remaining()).isEqualTo(length);
                        lent.add(lease);
                      });
            } else if (!lent.isEmpty()) {
              lent.remove(random.nextInt(lent.size())).close();
            }
            assertThat(buffers.heldBytes()).isLessThanOrEqualTo(bound);
          }
          lent.forEach(BodyBuffers.Lease::close);
          assertThat(buffers.lentBytes()).isZero();
          assertThat(buffers.heldBytes()).isLessThanOrEqualTo(bound / 8);
          buffers.clear();
          assertThat(buffers.heldBytes()).isZero();
        });
  }

  private static byte[] message(RandomGenerator random, byte[] body) {
    StringBuilder head = new StringBuilder("POST /some/path?x=" + random.nextInt(10));
    head.append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (int i = random.nextInt(10); i > 0; i--) {
      head.append("X-Field-").append(i).append(": ").append("v".repeat(random.nextInt(200)));
      head.append("\r\n");
    }
    head.append("content-LENGTH:").append(" ".repeat(random.nextInt(3))).append(body.length);
    head.append("\r\n\r\n");
    byte[] bytes = head.toString().getBytes(UTF_8);
    byte[] whole = Arrays.copyOf(bytes, bytes.length + body.length);
    System.arraycopy(body, 0, whole, bytes.length, body.length);
    return whole;
  }

  private static URI uri(HttpListener listener, String target) {
    return URI.create("http://127.0.0.1:" + listener.address().getPort() + target);
  }
}
