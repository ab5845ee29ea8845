package org.sesemi.keyservice.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.keyservice.internal.RecordSealer.Purpose;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.WireException;

/**
 * A store in one H2 database file, of which every value is sealed.
 *
 * <p>Each commit makes a new state with the next number. The state row, sealed too, holds the
 * number and a {@link SetDigest} over all rows, so that a row taken from another state, left out or
 * put back is noticed; the {@link RollbackGuard} notices when the whole file is an older one.
 *
 * <p>H2 by itself acknowledges a commit before it is on disk (its write delay). Here the delay is
 * zero and each commit is followed by a checkpoint that forces the file, then the guard is told,
 * and only then the commit returns.
 */
final class H2Store implements Store {

  private final Connection connection;
  private final RecordSealer sealer;
  private final RollbackGuard guard;
  private final Map<Bytes, Bytes> elements = new HashMap<>();
  private SetDigest digest = SetDigest.empty();
  private long number;
  private boolean usable = true;

  private H2Store(Connection connection, RecordSealer sealer, RollbackGuard guard) {
    this.connection = connection;
    this.sealer = sealer;
    this.guard = guard;
  }

  /**
   * Opens or makes a database.
   *
   * @param file the path of the database without its ending
   * @param sealer seals what it holds
   * @param guard remembers the last state
   * @return the store, to be loaded
   */
  static H2Store open(Path file, RecordSealer sealer, RollbackGuard guard) {
    return new H2Store(H2Database.open(file), sealer, guard);
  }

  @Override
  public Optional<Header> load(Consumer<StoredRecord> records) {
    guard.claim();
    long acknowledged = guard.acknowledged();
    try {
      loadRecords(records);
      Optional<Header> header = loadState(acknowledged);
      if (header.isPresent()) {
        checkAuditEnd(header.get());
      } else if (digest.count() != 0 || auditCount() != 0) {
        throw StoreFailures.tampered("the database has records but no state");
      } else if (acknowledged != 0) {
        throw new KeyServiceException(
            Code.STATE_ROLLED_BACK,
            "the database is empty, the last state seen is " + acknowledged);
      }
      number = acknowledged;
      return header;
    } catch (SQLException e) {
      throw StoreFailures.unreadable(e);
    } catch (KeyServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new KeyServiceException(Code.STATE_TAMPERED, "the database does not read", e);
    }
  }

  private void loadRecords(Consumer<StoredRecord> records) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT KIND, NAME, VERSION, SEALED FROM RECORD")) {
      while (rows.next()) {
        RecordKind kind = RecordKind.of(rows.getInt(1));
        byte[] name = rows.getBytes(2);
        byte[] place = place(kind, name, rows.getLong(3));
        byte[] sealed = rows.getBytes(4);
        byte[] contents = sealer.open(Purpose.RECORD, place, sealed);
        try {
          StoredRecord stored = StoredRecordCodec.decode(kind, contents);
          if (!Arrays.equals(name, sealer.hideName(kind, stored.name()))) {
            throw StoreFailures.tampered("a record has another name than its place");
          }
          Bytes element = Bytes.of(sealer.setElement(place, sealed));
          elements.put(key(kind, name), element);
          digest.add(element.toArray());
          records.accept(stored);
        } finally {
          Arrays.fill(contents, (byte) 0);
        }
      }
    }
  }

  private Optional<Header> loadState(long acknowledged) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT NUMBER, SEALED FROM STATE WHERE ID = 1")) {
      if (!rows.next()) {
        return Optional.empty();
      }
      long stateNumber = rows.getLong(1);
      byte[] contents = sealer.open(Purpose.STATE, place(stateNumber), rows.getBytes(2));
      CborReader reader = CborReader.versioned(contents);
      long count = reader.integer(1, 0, Long.MAX_VALUE);
      byte[] sum = reader.bytes(2, SetDigest.LENGTH);
      Header header =
          new Header(
              reader.integer(3, 0, Long.MAX_VALUE),
              reader.digest(4),
              Instant.ofEpochMilli(reader.integer(5, 0, Long.MAX_VALUE)),
              reader.integer(6, 1, Long.MAX_VALUE));
      reader.finish();
      if (count != digest.count() || !Arrays.equals(sum, digest.sum())) {
        throw StoreFailures.tampered("the records of the database are not those of its state");
      }
      if (stateNumber < acknowledged) {
        throw new KeyServiceException(
            Code.STATE_ROLLED_BACK,
            "the database holds state " + stateNumber + ", the last one seen is " + acknowledged);
      }
      if (stateNumber > acknowledged + 1) {
        throw new KeyServiceException(
            Code.STATE_ROLLED_BACK,
            "the platform has forgotten: it has seen state "
                + acknowledged
                + ", the database holds state "
                + stateNumber);
      }
      return Optional.of(header);
    } catch (WireException e) {
      throw StoreFailures.tampered("the state row does not read: " + e.code());
    }
  }

  private void checkAuditEnd(Header header) throws SQLException {
    if (auditCount() != header.auditCount()) {
      throw StoreFailures.tampered("the audit log has lost or gained entries");
    }
    if (header.auditCount() > 0) {
      List<AuditRow> last = readRows(header.auditCount() - 1, 1);
      if (last.size() != 1 || !last.getFirst().link().equals(header.auditLink())) {
        throw StoreFailures.tampered("the end of the audit log is not that of the state");
      }
    }
  }

  private long auditCount() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM AUDIT")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void commit(Batch batch) {
    requireUsable();
    usable = false;
    long next = number + 1;
    try {
      SetDigest changed = digest.copy();
      Map<Bytes, Optional<Bytes>> newElements = new HashMap<>();
      for (Change change : batch.changes()) {
        write(change, next, changed, newElements);
      }
      writeAudit(batch.audit());
      writeState(batch.header(), next, changed);
      connection.commit();
      H2Database.force(connection);
      guard.acknowledge(next);
      digest = changed;
      newElements.forEach(
          (key, element) ->
              element.ifPresentOrElse(e -> elements.put(key, e), () -> elements.remove(key)));
      number = next;
      usable = true;
    } catch (SQLException e) {
      throw StoreFailures.failed(e);
    }
  }

  private void write(
      Change change, long version, SetDigest changed, Map<Bytes, Optional<Bytes>> newElements)
      throws SQLException {
    StoredRecord stored = change.stored();
    RecordKind kind = stored.kind();
    byte[] name = sealer.hideName(kind, stored.name());
    Bytes key = key(kind, name);
    Bytes old = elements.get(key);
    if (old != null) {
      changed.remove(old.toArray());
    }
    switch (change) {
      case Change.Put _ -> {
        byte[] place = place(kind, name, version);
        byte[] contents = stored.encode();
        byte[] sealed = sealer.seal(Purpose.RECORD, place, contents);
        Arrays.fill(contents, (byte) 0);
        byte[] element = sealer.setElement(place, sealed);
        changed.add(element);
        newElements.put(key, Optional.of(Bytes.of(element)));
        try (PreparedStatement statement =
            connection.prepareStatement(
                "MERGE INTO RECORD(KIND, NAME, VERSION, SEALED) KEY(KIND, NAME)"
                    + " VALUES(?, ?, ?, ?)")) {
          statement.setInt(1, kind.number());
          statement.setBytes(2, name);
          statement.setLong(3, version);
          statement.setBytes(4, sealed);
          statement.executeUpdate();
        }
      }
      case Change.Delete _ -> {
        newElements.put(key, Optional.empty());
        try (PreparedStatement statement =
            connection.prepareStatement("DELETE FROM RECORD WHERE KIND = ? AND NAME = ?")) {
          statement.setInt(1, kind.number());
          statement.setBytes(2, name);
          statement.executeUpdate();
        }
      }
    }
  }

  private void writeAudit(AuditRow row) throws SQLException {
    byte[] contents =
        CborMap.versioned()
            .put(1, row.entry())
            .put(2, row.link())
            .put(3, row.signature())
            .build()
            .encode();
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO AUDIT(ENTRY, SEALED) VALUES(?, ?)")) {
      statement.setLong(1, row.index());
      statement.setBytes(2, sealer.seal(Purpose.AUDIT, place(row.index()), contents));
      statement.executeUpdate();
    }
  }

  private void writeState(Header header, long next, SetDigest changed) throws SQLException {
    byte[] contents =
        CborMap.versioned()
            .put(1, changed.count())
            .put(2, changed.sum())
            .put(3, header.auditCount())
            .put(4, header.auditLink())
            .put(5, header.serviceTime().toEpochMilli())
            .put(6, header.epoch())
            .build()
            .encode();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "MERGE INTO STATE(ID, NUMBER, SEALED) KEY(ID) VALUES(1, ?, ?)")) {
      statement.setLong(1, next);
      statement.setBytes(2, sealer.seal(Purpose.STATE, place(next), contents));
      statement.executeUpdate();
    }
  }

  @Override
  public List<AuditRow> readAudit(long from, int maxCount) {
    requireUsable();
    try {
      return readRows(from, maxCount);
    } catch (SQLException e) {
      throw StoreFailures.failed(e);
    }
  }

  private List<AuditRow> readRows(long from, int maxCount) throws SQLException {
    List<AuditRow> result = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT ENTRY, SEALED FROM AUDIT WHERE ENTRY >= ? ORDER BY ENTRY LIMIT ?")) {
      statement.setLong(1, from);
      statement.setInt(2, maxCount);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          long index = rows.getLong(1);
          if (index != from + result.size()) {
            throw StoreFailures.tampered("an entry of the audit log is missing");
          }
          byte[] contents = sealer.open(Purpose.AUDIT, place(index), rows.getBytes(2));
          CborReader reader = CborReader.versioned(contents);
          result.add(
              new AuditRow(
                  index, Bytes.of(reader.slice(1)), reader.digest(2), reader.byteString(3, 64)));
          reader.finish();
        }
      }
    } catch (WireException e) {
      throw StoreFailures.tampered("an entry of the audit log does not read: " + e.code());
    }
    return List.copyOf(result);
  }

  @Override
  public void close() {
    usable = false;
    H2Database.closeQuietly(connection);
  }

  private void requireUsable() {
    if (!usable) {
      throw new KeyServiceException(
          Code.STORE_FAILED, "the database failed before; the service has to be started again");
    }
  }

  private static Bytes key(RecordKind kind, byte[] name) {
    return Bytes.of(ByteBuffer.allocate(4 + name.length).putInt(kind.number()).put(name).array());
  }

  private static byte[] place(RecordKind kind, byte[] name, long version) {
    return ByteBuffer.allocate(4 + name.length + 8)
        .putInt(kind.number())
        .put(name)
        .putLong(version)
        .array();
  }

  private static byte[] place(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }
}
