package org.sesemi.channel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sesemi.channel.ChannelException.Code;

/**
 * The header of an HTTP/1.1 message as it is parsed: start line and fields.
 *
 * <p>Guarantees: lines end with CRLF and nothing else does; there is no folding, no white space
 * before a colon, no control character; so no two parsers can read one header differently. The
 * length of the body is known from the header alone.
 *
 * @param startLine the first line
 * @param headers the fields, without those about connection and length
 * @param contentLength the length of the body, or -1 when the header does not say
 * @param close whether the sender closes the connection after this message
 * @param expectsContinue whether the sender waits for a word before it sends the body
 */
record HttpHead(
    String startLine,
    HttpHeaders headers,
    long contentLength,
    boolean close,
    boolean expectsContinue) {

  private static final int MAX_FIELDS = 100;
  private static final int MAX_LENGTH_DIGITS = 18;
  private static final String VERSION = "HTTP/1.1";

  /** Fields that belong to one connection; they are neither handed out nor taken from handlers. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  static boolean isOfTheConnection(String name) {
    return OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Parses a header that ends with the empty line, which is included. */
  static HttpHead parse(byte[] bytes, int length) {
    List<String> lines = lines(bytes, length);
    List<HttpHeaders.Field> fields = new ArrayList<>();
    long contentLength = -1;
    boolean close = false;
    boolean expectsContinue = false;
    for (String line : lines.subList(1, lines.size())) {
      if (fields.size() >= MAX_FIELDS) {
        throw new ChannelException(Code.HTTP_HEADER_TOO_LARGE, "more than 100 header fields");
      }
      HttpHeaders.Field field = field(line);
      switch (field.name().toLowerCase(Locale.ROOT)) {
        case "content-length" -> {
          if (contentLength >= 0) {
            throw new ChannelException(Code.HTTP_LENGTH, "more than one Content-Length");
          }
          contentLength = contentLength(field.value());
        }
        case "transfer-encoding", "trailer" ->
            throw new ChannelException(Code.HTTP_LENGTH, field.name() + " is not supported");
        case "connection" -> close |= hasToken(field.value(), "close");
        case "expect" -> {
          if (!field.value().equalsIgnoreCase("100-continue")) {
            throw new ChannelException(Code.HTTP_MALFORMED, "an unknown expectation");
          }
          expectsContinue = true;
        }
        default -> {
          if (!isOfTheConnection(field.name())) {
            fields.add(field);
          }
        }
      }
    }
    return new HttpHead(
        lines.getFirst(), new HttpHeaders(fields), contentLength, close, expectsContinue);
  }

  /** Method and target of a request. */
  String[] requestLine() {
    String[] parts = startLine.split(" ", -1);
    if (parts.length != 3) {
      throw new ChannelException(Code.HTTP_MALFORMED, "the request line has not three parts");
    }
    if (!parts[2].equals(VERSION)) {
      throw new ChannelException(Code.HTTP_VERSION, "the request is not of version HTTP/1.1");
    }
    return parts;
  }

  /** The status of a response. */
  int status() {
    if (!startLine.matches("HTTP/1\\.1 [2-5][0-9]{2}( .*)?")) {
      throw new ChannelException(Code.HTTP_MALFORMED, "the status line has another form");
    }
    return Integer.parseInt(startLine.substring(9, 12));
  }

  private static List<String> lines(byte[] bytes, int length) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if (b == '\r') {
        if (i + 1 >= length || bytes[i + 1] != '\n') {
          throw new ChannelException(Code.HTTP_MALFORMED, "a CR without LF");
        }
        lines.add(new String(bytes, start, i - start, StandardCharsets.ISO_8859_1));
        start = i + 2;
        i++;
      } else if (b == '\n') {
        throw new ChannelException(Code.HTTP_MALFORMED, "a LF without CR");
      } else if ((b < 0x20 && b != '\t') || b == 0x7f) {
        throw new ChannelException(Code.HTTP_MALFORMED, "a control character or not ASCII");
      }
    }
    if (lines.size() < 2 || start != length || !lines.getLast().isEmpty()) {
      throw new ChannelException(Code.HTTP_MALFORMED, "the header does not end");
    }
    lines.removeLast();
    return lines;
  }

  private static HttpHeaders.Field field(String line) {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw new ChannelException(Code.HTTP_MALFORMED, "a header line without a name");
    }
    int from = colon + 1;
    int to = line.length();
    while (from < to && isBlank(line.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(line.charAt(to - 1))) {
      to--;
    }
    return new HttpHeaders.Field(line.substring(0, colon), line.substring(from, to));
  }

  private static long contentLength(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH_DIGITS) {
      throw new ChannelException(Code.HTTP_LENGTH, "a Content-Length is no number");
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        throw new ChannelException(Code.HTTP_LENGTH, "a Content-Length is no number");
      }
    }
    return Long.parseLong(value);
  }

  private static boolean hasToken(String value, String token) {
    for (String part : value.split(",", -1)) {
      if (part.strip().equalsIgnoreCase(token)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
