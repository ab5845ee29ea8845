package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a kernel or library OS makes up when its pseudo-files are used. Paths are absolute. */
interface PseudoTree {

  /** {@return whether there is a folder} */
  boolean isFolder(String path);

  /** {@return whether there is a file} */
  boolean isFile(String path);

  /** Makes the content of a file that is opened for reading and read from. */
  byte[] read(String path) throws IOException;

  /** Takes one write to a file, and says how many bytes of it. */
  int write(String path, byte[] bytes) throws IOException;

  /** Notes that a file that was written to is closed, which is when configfs looks at it. */
  default void closed(String path) throws IOException {}

  /** Makes a folder. */
  default void makeFolder(String path) throws IOException {
    throw new FileSystemException(path, null, "Operation not permitted");
  }

  /** Removes a folder. */
  default void removeFolder(String path) throws IOException {
    throw new NoSuchFileException(path);
  }
}
