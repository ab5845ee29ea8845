package org.sesemi.attestation.internal.attester;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes the few operations that pseudo-files know on to a {@link PseudoTree}. */
final class StandInProvider extends FileSystemProvider {

  private final StandInFileSystem system;
  private final PseudoTree tree;

  StandInProvider(StandInFileSystem system, PseudoTree tree) {
    this.system = system;
    this.tree = tree;
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (!tree.isFile(path.toString())) {
      throw new NoSuchFileException(path.toString());
    }
    boolean write = options.contains(StandardOpenOption.WRITE);
    if (write && options.size() > 1) {
      throw new UnsupportedOperationException("pseudo-files are neither made nor truncated");
    }
    return new StandInChannel(tree, path.toString(), write);
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    tree.makeFolder(path.toString());
  }

  @Override
  public void delete(Path path) throws IOException {
    tree.removeFolder(path.toString());
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    if (!tree.isFile(path.toString()) && !tree.isFolder(path.toString())) {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    checkAccess(path);
    return type.cast(new Attributes(tree.isFolder(path.toString())));
  }

  private record Attributes(boolean isDirectory) implements BasicFileAttributes {

    private static final FileTime TIME = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
      return TIME;
    }

    @Override
    public FileTime lastAccessTime() {
      return TIME;
    }

    @Override
    public FileTime creationTime() {
      return TIME;
    }

    @Override
    public boolean isRegularFile() {
      return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public @Nullable Object fileKey() {
      return null;
    }
  }

  @Override
  public String getScheme() {
    return "stand-in";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
