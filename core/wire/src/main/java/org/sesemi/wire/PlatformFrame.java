package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One message on the control socket of a platform daemon, with the number that pairs a reply with
 * its request.
 *
 * @param exchange a number that the client chooses for a request and the daemon repeats in its
 *     reply; 0 for events, and for the refusal of a frame that could not be read
 * @param message the message
 */
public record PlatformFrame(long exchange, PlatformMessage message) {

  /** Checks the parts. */
  public PlatformFrame {
    requireNonNull(message, "message");
    if (exchange < 0) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "an exchange is not negative");
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    CborMap.Builder map = CborMap.versioned().put(1, kind(message)).put(2, exchange);
    CborMap.Builder filled =
        switch (message) {
          case PlatformMessage.Launch launch ->
              map.put(3, launch.unit())
                  .put(4, launch.config())
                  .putTextMap(5, launch.parameters())
                  .put(6, launch.label());
          case PlatformMessage.Stop(LaunchId id) -> map.put(3, id.value());
          case PlatformMessage.Status() -> map;
          case PlatformMessage.Measure(String folder) -> map.put(3, folder);
          case PlatformMessage.Subscribe() -> map;
          case PlatformMessage.Launched launched ->
              map.put(3, launched.launchId().value())
                  .put(4, launched.pid())
                  .put(5, launched.measurement())
                  .put(6, launched.configDigest());
          case PlatformMessage.Stopped(LaunchId id, int code) ->
              map.put(3, id.value()).put(4, code);
          case PlatformMessage.StatusReport report ->
              map.put(3, report.platform())
                  .put(4, report.banner())
                  .put(5, report.rootPublicKey())
                  .put(6, report.pid())
                  .put(7, report.started().toEpochMilli())
                  .put(8, report.maxLaunches())
                  .putMaps(9, report.launches().stream().map(PlatformFrame::view).toList())
                  .putTexts(10, report.limits());
          case PlatformMessage.Measured(Digest measurement, List<PlatformMessage.Component> all) ->
              map.put(3, measurement)
                  .putMaps(4, all.stream().map(PlatformFrame::component).toList());
          case PlatformMessage.Subscribed() -> map;
          case PlatformMessage.Failed(PlatformFailure failure) -> failure.write(map, 3);
          case PlatformMessage.Ready ready ->
              map.put(3, ready.launchId().value())
                  .put(4, ready.label())
                  .putTextMap(5, ready.values());
          case PlatformMessage.Exited(LaunchId id, String label, int code) ->
              map.put(3, id.value()).put(4, label).put(5, code);
        };
    return filled.build().encode();
  }

  /**
   * Reads a frame.
   *
   * @param bytes the encoding
   * @return what was read
   * @throws WireException when the bytes are not the one encoding of a message
   */
  public static PlatformFrame decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    String kind = reader.text(1, 16);
    long exchange = reader.integer(2, 0, Long.MAX_VALUE);
    PlatformMessage message =
        switch (kind) {
          case "launch" ->
              new PlatformMessage.Launch(
                  path(reader, 3),
                  Bytes.of(reader.slice(4, 0, PlatformMessage.MAX_CONFIG_LENGTH)),
                  texts(reader, 5),
                  label(reader, 6));
          case "stop" -> new PlatformMessage.Stop(launchId(reader, 3));
          case "status" -> new PlatformMessage.Status();
          case "measure" -> new PlatformMessage.Measure(path(reader, 3));
          case "subscribe" -> new PlatformMessage.Subscribe();
          case "launched" ->
              new PlatformMessage.Launched(
                  launchId(reader, 3), pid(reader, 4), reader.digest(5), reader.digest(6));
          case "stopped" -> new PlatformMessage.Stopped(launchId(reader, 3), exitCode(reader, 4));
          case "status-report" -> statusReport(reader);
          case "measured" -> new PlatformMessage.Measured(reader.digest(3), components(reader, 4));
          case "subscribed" -> new PlatformMessage.Subscribed();
          case "failed" -> new PlatformMessage.Failed(PlatformFailure.read(reader, 3));
          case "ready" ->
              new PlatformMessage.Ready(launchId(reader, 3), label(reader, 4), texts(reader, 5));
          case "exited" ->
              new PlatformMessage.Exited(
                  launchId(reader, 3), label(reader, 4), exitCode(reader, 5));
          default ->
              throw new WireException(
                  WireException.Code.CBOR_UNEXPECTED, "no known message of a platform");
        };
    reader.finish();
    return new PlatformFrame(exchange, message);
  }

  private static String kind(PlatformMessage message) {
    return switch (message) {
      case PlatformMessage.Launch _ -> "launch";
      case PlatformMessage.Stop _ -> "stop";
      case PlatformMessage.Status _ -> "status";
      case PlatformMessage.Measure _ -> "measure";
      case PlatformMessage.Subscribe _ -> "subscribe";
      case PlatformMessage.Launched _ -> "launched";
      case PlatformMessage.Stopped _ -> "stopped";
      case PlatformMessage.StatusReport _ -> "status-report";
      case PlatformMessage.Measured _ -> "measured";
      case PlatformMessage.Subscribed _ -> "subscribed";
      case PlatformMessage.Failed _ -> "failed";
      case PlatformMessage.Ready _ -> "ready";
      case PlatformMessage.Exited _ -> "exited";
    };
  }

  private static PlatformMessage statusReport(CborReader reader) {
    return new PlatformMessage.StatusReport(
        reader.text(3, 32),
        reader.text(4, 256),
        reader.byteString(5, 32),
        pid(reader, 6),
        Instants.read(reader, 7),
        reader.int32(8, 0, PlatformMessage.MAX_LAUNCHES),
        views(reader, 9),
        reader.texts(10, 64, 512));
  }

  private static CborMap view(PlatformMessage.LaunchView view) {
    return CborMap.builder()
        .put(1, view.launchId().value())
        .put(2, view.label())
        .put(3, view.pid())
        .put(4, view.measurement())
        .put(5, view.configDigest())
        .put(6, view.state().text())
        .put(7, view.started().toEpochMilli())
        .putTextMap(8, view.values())
        .build();
  }

  private static List<PlatformMessage.LaunchView> views(CborReader reader, int key) {
    List<PlatformMessage.LaunchView> views = new ArrayList<>();
    for (CborReader item : reader.maps(key, PlatformMessage.MAX_LAUNCHES)) {
      views.add(
          new PlatformMessage.LaunchView(
              launchId(item, 1),
              label(item, 2),
              pid(item, 3),
              item.digest(4),
              item.digest(5),
              item.parsed(6, 16, PlatformMessage.LaunchState::parse),
              Instants.read(item, 7),
              texts(item, 8)));
      item.finish();
    }
    return views;
  }

  private static CborMap component(PlatformMessage.Component component) {
    return CborMap.builder()
        .put(1, component.kind())
        .put(2, component.name())
        .put(3, component.digest())
        .put(4, component.size())
        .build();
  }

  private static List<PlatformMessage.Component> components(CborReader reader, int key) {
    List<PlatformMessage.Component> components = new ArrayList<>();
    for (CborReader item : reader.maps(key, PlatformMessage.MAX_COMPONENTS)) {
      components.add(
          new PlatformMessage.Component(
              item.text(1, 32),
              item.text(2, PlatformMessage.MAX_PATH_LENGTH),
              item.digest(3),
              item.integer(4, 0, Long.MAX_VALUE)));
      item.finish();
    }
    return components;
  }

  private static LaunchId launchId(CborReader reader, int key) {
    return new LaunchId(reader.byteString(key, LaunchId.LENGTH));
  }

  private static String label(CborReader reader, int key) {
    return reader.text(key, 63);
  }

  private static String path(CborReader reader, int key) {
    return reader.text(key, PlatformMessage.MAX_PATH_LENGTH);
  }

  private static long pid(CborReader reader, int key) {
    return reader.integer(key, 1, Long.MAX_VALUE);
  }

  private static int exitCode(CborReader reader, int key) {
    return reader.int32(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static Map<String, String> texts(CborReader reader, int key) {
    return reader.textMap(
        key, PlatformMessage.MAX_PARAMETERS, PlatformMessage.MAX_PARAMETER_LENGTH);
  }
}
