package org.sesemi.attestation.internal.collateral;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** A process that holds the lock of a file until its input ends. */
final class LockHolder {

  private LockHolder() {}

  /** Holds the lock of the file that is named by the argument. */
  static void main(String[] args) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
        FileLock lock = channel.lock();
        var out = new java.io.FileOutputStream(java.io.FileDescriptor.out)) {
      out.write(lock.isValid() ? 'L' : 'x');
      out.flush();
      System.in.read();
    }
  }

  /** The process as its starter sees it. */
  static final class Child implements AutoCloseable {

    private final Process process;

    private Child(Process process) {
      this.process = process;
    }

    void release() throws IOException {
      process.getOutputStream().close();
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    }
  }

  static Child start(Path file) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", ""),
                LockHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.getInputStream().read() != 'L') {
      process.destroyForcibly();
      throw new IOException("the other process does not hold the lock");
    }
    return new Child(process);
  }
}
