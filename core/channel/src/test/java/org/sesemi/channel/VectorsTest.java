package org.sesemi.channel;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test vectors of this module, in both directions. */
class VectorsTest {

  static Stream<VectorFile> files() {
    return ChannelVectors.all().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void encodingGivesTheFile(VectorFile file) throws IOException {
    file.encodingGivesTheFile();
  }

  @ParameterizedTest
  @MethodSource("files")
  void theFileDecodes(VectorFile file) throws IOException {
    file.theFileDecodes();
  }
}
