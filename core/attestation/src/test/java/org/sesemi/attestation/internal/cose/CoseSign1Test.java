package org.sesemi.attestation.internal.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CoseOut;

final class CoseSign1Test {

  private static final String WHAT = "the message";
  private static final KeyPair KEYS = Authority.ecKeys("secp384r1");

  private static CoseSign1 read(byte[] encoded) {
    return CoseSign1.read(CborItem.parse(encoded, WHAT), WHAT);
  }

  private static CoseOut message(int length) {
    return new CoseOut(new byte[length]);
  }

  @Test
  void aMessageIsReadWithAndWithoutTag() {
    for (boolean tagged : new boolean[] {true, false}) {
      CoseSign1 message = read(message(10).tagged(tagged).encode(KEYS.getPrivate()));
      assertThat(message.isEs384()).isTrue();
      assertThat(message.unprotectedCount()).isZero();
      assertThat(message.payload().length()).isEqualTo(10);
      assertThat(message.isSignedBy(KEYS.getPublic())).isTrue();
    }
  }

  @Test
  void payloadsOfEveryLengthOfHeadAreSignedRight() {
    for (int length : new int[] {0, 23, 24, 255, 256, 65_000}) {
      assertThat(read(message(length).encode(KEYS.getPrivate())).isSignedBy(KEYS.getPublic()))
          .isTrue();
    }
  }

  @Test
  void anotherKeyDidNotSign() {
    CoseSign1 message = read(message(10).encode(KEYS.getPrivate()));
    assertThat(message.isSignedBy(Authority.ecKeys("secp384r1").getPublic())).isFalse();
    assertThat(message.isSignedBy(Authority.ecKeys("secp256r1").getPublic())).isFalse();
    assertThat(message.isSignedBy(Authority.rsaKeys(2048).getPublic())).isFalse();
  }

  @Test
  void theSignatureCoversContextHeaderAndAbsenceOfExternalData() {
    assertThat(read(message(1).context("Signature").encode(KEYS.getPrivate())))
        .matches(message -> !message.isSignedBy(KEYS.getPublic()));
    assertThat(read(message(1).externalData(new byte[1]).encode(KEYS.getPrivate())))
        .matches(message -> !message.isSignedBy(KEYS.getPublic()));
    byte[] encoded = message(1).encode(KEYS.getPrivate());
    CoseSign1 good = read(encoded);
    CoseSign1 other =
        new CoseSign1(org.sesemi.wire.Bytes.parse("a1013823"), 0, good.payload(), good.signature());
    assertThat(other.isSignedBy(KEYS.getPublic())).isFalse();
  }

  @Test
  void onlyTheOneProtectedHeaderIsEs384() {
    for (CborOut header :
        new CborOut[] {
          new CborOut().map(1).integer(1).integer(-7),
          new CborOut().map(0),
          new CborOut(),
          new CborOut().map(2).integer(1).integer(-35).integer(3).integer(0),
          new CborOut().map(1).head(0, 1, 1).integer(-35),
        }) {
      CoseSign1 message =
          read(message(1).protectedHeader(header.toBytes()).encode(KEYS.getPrivate()));
      assertThat(message.isEs384()).isFalse();
    }
  }

  @Test
  void signaturesOfOtherLengthsAreNone() {
    byte[] signature = read(message(1).encode(KEYS.getPrivate())).signature().toArray();
    for (int length : new int[] {0, 64, 95, 97, 132}) {
      byte[] other = Arrays.copyOf(signature, length);
      assertThat(read(message(1).encode(other)).isSignedBy(KEYS.getPublic())).isFalse();
    }
    assertThat(read(message(1).encode(new byte[96])).isSignedBy(KEYS.getPublic())).isFalse();
  }

  @Test
  void otherShapesAreRefused() {
    refuse(new CborOut().array(3).bytes(new byte[0]).map(0).bytes(new byte[0]));
    refuse(
        new CborOut()
            .array(5)
            .bytes(new byte[0])
            .map(0)
            .bytes(new byte[0])
            .bytes(new byte[0])
            .none());
    refuse(new CborOut().array(4).bytes(new byte[0]).map(0).none().bytes(new byte[0]));
    refuse(
        new CborOut().array(4).bytes(new byte[0]).array(0).bytes(new byte[0]).bytes(new byte[0]));
    refuse(new CborOut().array(4).map(0).map(0).bytes(new byte[0]).bytes(new byte[0]));
    refuse(new CborOut().array(4).bytes(new byte[0]).map(0).bytes(new byte[0]).none());
    refuse(new CborOut().tag(98).array(0));
    refuse(new CborOut().tag(18).raw(message(1).tagged(true).encode(KEYS.getPrivate())));
    refuse(new CborOut().map(0));
  }

  @Test
  void unsignedHeaderFieldsAreCounted() {
    byte[] header = new CborOut().map(1).integer(4).bytes(new byte[1]).toBytes();
    assertThat(read(message(1).unprotectedHeader(header).encode(KEYS.getPrivate())))
        .matches(message -> message.unprotectedCount() == 1);
  }

  @Test
  void everyChangedBitIsNoticed() {
    byte[] encoded = message(20).encode(KEYS.getPrivate());
    Property.check(
        "a message with a changed bit is refused or not signed",
        100,
        random -> {
          byte[] changed = encoded.clone();
          changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
          try {
            CoseSign1 message = read(changed);
            assertThat(
                    message.isEs384()
                        && message.unprotectedCount() == 0
                        && message.isSignedBy(KEYS.getPublic()))
                .isFalse();
          } catch (Unreadable e) {
            assertThat(e).hasMessageStartingWith(WHAT);
          }
        });
  }

  private static void refuse(CborOut out) {
    assertThatThrownBy(() -> read(out.toBytes())).isInstanceOf(Unreadable.class);
  }
}
