package org.sesemi.keyservice.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.h2.Driver;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;

/** The connection to the database file: how it is opened, forced to disk and closed. */
final class H2Database {

  private static final System.Logger LOGGER = System.getLogger(H2Database.class.getName());
  private static final String SETTINGS =
      ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0"
          + ";CACHE_SIZE=8192";

  private H2Database() {}

  /** Opens or makes a database with its tables. */
  static Connection open(Path file) {
    String path = file.toAbsolutePath().toString();
    if (path.indexOf(';') >= 0) {
      throw new KeyServiceException(
          Code.CONFIG_INVALID, "the path of the data folder must not have a semicolon");
    }
    @Nullable Connection connection = null;
    try {
      Properties login = new Properties();
      login.setProperty("user", "sa");
      login.setProperty("password", "");
      connection = new Driver().connect("jdbc:h2:file:" + path + SETTINGS, login);
      connection.setAutoCommit(false);
      makeTables(connection);
      return connection;
    } catch (SQLException e) {
      closeQuietly(connection);
      throw e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
          ? new KeyServiceException(Code.STATE_LOCKED, "another process has the database open", e)
          : StoreFailures.unreadable(e);
    } catch (RuntimeException e) {
      // The file is read before anything of it is authenticated: H2 may trip over what it finds.
      closeQuietly(connection);
      throw new KeyServiceException(Code.STATE_TAMPERED, "the database file does not open", e);
    }
  }

  private static void makeTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS RECORD(KIND INT, NAME BINARY(32), VERSION BIGINT,"
              + " SEALED VARBINARY(1048576), PRIMARY KEY(KIND, NAME))");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS AUDIT(ENTRY BIGINT PRIMARY KEY, SEALED VARBINARY(1048576))");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS STATE(ID INT PRIMARY KEY, NUMBER BIGINT,"
              + " SEALED VARBINARY(4096))");
    }
    connection.commit();
  }

  /** Forces the file to disk: neither commit nor a plain checkpoint does. */
  static void force(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT SYNC");
    }
  }

  static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOGGER.log(System.Logger.Level.WARNING, "closing the database failed", e);
      }
    }
  }
}
