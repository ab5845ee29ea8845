package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Property;

class FramesTest {

  @Test
  void framesFollowOneAnother() {
    Property.check(
        "frames follow one another",
        100,
        random -> {
          byte[] a = Drawn.bytes(random, 1000);
          byte[] b = Drawn.bytes(random, 1000);
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          Frames.write(out, a);
          Frames.write(out, b);
          InputStream in = new ByteArrayInputStream(out.toByteArray());
          assertThat(Frames.read(in, 1000)).contains(a);
          assertThat(Frames.read(in, 1000)).contains(b);
          assertThat(Frames.read(in, 1000)).isEmpty();
        });
  }

  @Test
  void aCutFrameIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.write(out, new byte[300]);
    for (int length = 1; length < out.size(); length++) {
      InputStream in = new ByteArrayInputStream(Arrays.copyOf(out.toByteArray(), length));
      assertThatThrownBy(() -> Frames.read(in, 300))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.code()).isEqualTo("frame.cut"));
    }
  }

  @Test
  void aLongFrameIsRefusedBeforeItIsRead() {
    for (byte first : new byte[] {0, 127, -1}) {
      InputStream in = new ByteArrayInputStream(new byte[] {first, 0, 1, 45});
      assertThatThrownBy(() -> Frames.read(in, 300))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.code()).isEqualTo("frame.too-large"));
    }
  }
}
