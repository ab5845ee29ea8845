package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cca.CcaCase.AT;
import static org.sesemi.attestation.internal.cca.CcaCase.accept;
import static org.sesemi.attestation.internal.cca.CcaCase.judge;
import static org.sesemi.attestation.internal.cca.CcaCase.reject;
import static org.sesemi.attestation.internal.cca.CcaCase.vendor;
import static org.sesemi.attestation.internal.cose.Judgements.unverified;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.wire.Bytes;

final class CcaClaimsTest {

  @Test
  void everyRequiredClaimOfThePlatformIsMissed() {
    for (long key : new long[] {265, 2396, 256, 2401, 2395, 2402, 2399}) {
      reject(judge(vendor().withoutPlatform(key)), CcaStep.PLATFORM_CLAIMS);
      reject(judge(vendor().platform(key, CborOut::none)), CcaStep.PLATFORM_CLAIMS);
    }
    accept(judge(vendor().withoutPlatform(2400)));
    reject(judge(vendor().platform(9999, out -> out.integer(1))), CcaStep.PLATFORM_CLAIMS);
    reject(
        judge(vendor().platformMessage(m -> m.payload(new byte[] {0}))), CcaStep.PLATFORM_CLAIMS);
  }

  @Test
  void profilesOfThePlatformAreKnown() {
    reject(
        judge(vendor().platform(265, out -> out.text("tag:arm.com,2099:cca_platform#9"))),
        CcaStep.PLATFORM_PROFILE);
    assertThat(judge(vendor().platform(265, out -> out.text("x"))).failure())
        .contains(Code.VERSION_UNKNOWN);
  }

  @Test
  void fieldsOfThePlatformFollowTheRules() {
    for (CcaVendor vendor :
        List.of(
            vendor().platform(2396, out -> out.bytes(new byte[31])),
            vendor().platform(2396, out -> out.bytes(new byte[33])),
            vendor().platform(256, out -> out.bytes(CcaVendor.filled(32, 1))),
            vendor().platform(256, out -> out.bytes(CcaVendor.filled(34, 1))),
            vendor().platform(256, out -> out.bytes(CcaVendor.filled(33, 2))),
            vendor().platform(256, out -> out.bytes(new byte[0])),
            vendor().platform(2399, out -> out.array(0)),
            vendor().platform(2399, out -> component(out, 31, 32)),
            vendor().platform(2399, out -> component(out, 48, 32)),
            vendor().platform(2399, out -> component(out, 32, 33)))) {
      reject(judge(vendor), CcaStep.PLATFORM_FIELDS);
    }
    accept(judge(vendor().platform(2399, out -> component(out, 32, 64))));
    reject(
        judge(vendor().platform(2399, out -> out.array(1).map(1).integer(7).none())),
        CcaStep.PLATFORM_CLAIMS);
    reject(
        judge(
            vendor()
                .platform(
                    2399,
                    out -> {
                      out.array(65);
                      for (int i = 0; i < 65; i++) {
                        out.raw(CcaVendor.component());
                      }
                    })),
        CcaStep.PLATFORM_CLAIMS);
  }

  private static void component(CborOut out, int measurement, int signer) {
    out.array(1).map(2).integer(2).bytes(new byte[measurement]).integer(5).bytes(new byte[signer]);
  }

  @Test
  void platformsThatAreNotInUseAreRefusedAndDebuggingIsAClaim() {
    for (int state : new int[] {0, 0x10ff, 0x2000, 0x2fff, 0x3100, 0x6000, 0x7000, 0xffff}) {
      reject(judge(vendor().platform(2395, out -> out.integer(state))), CcaStep.LIFECYCLE);
    }
    for (int state : new int[] {0x3000, 0x30ff}) {
      Judgement judgement = judge(vendor().platform(2395, out -> out.integer(state)));
      accept(judgement);
      assertThat(judgement.claims().flag("debug")).contains(false);
    }
    for (int state : new int[] {0x4000, 0x40ff, 0x5000, 0x50ff}) {
      Judgement judgement = judge(vendor().platform(2395, out -> out.integer(state)));
      accept(judgement);
      assertThat(judgement.claims().flag("debug")).contains(true);
    }
    reject(judge(vendor().platform(2395, out -> out.integer(0x13000))), CcaStep.PLATFORM_CLAIMS);
    reject(judge(vendor().platform(2395, out -> out.integer(-1))), CcaStep.PLATFORM_CLAIMS);
  }

  @Test
  void everyRequiredClaimOfTheRealmIsMissed() {
    for (long key : new long[] {10, 44235, 44236, 44238, 44239, 44240}) {
      reject(judge(vendor().withoutRealm(key)), CcaStep.REALM_CLAIMS);
      reject(judge(vendor().realm(key, CborOut::none)), CcaStep.REALM_CLAIMS);
    }
    reject(judge(vendor().realm(9999, out -> out.integer(1))), CcaStep.REALM_CLAIMS);
    reject(judge(vendor().realmMessage(m -> m.payload(new byte[] {0}))), CcaStep.REALM_CLAIMS);
  }

  @Test
  void profilesOfTheRealmAreKnown() {
    reject(
        judge(vendor().newer().realm(265, out -> out.text("tag:arm.com,2099:realm#9"))),
        CcaStep.REALM_PROFILE);
  }

  @Test
  void fieldsOfTheRealmFollowTheRules() {
    for (CcaVendor vendor :
        List.of(
            vendor().realm(10, out -> out.bytes(new byte[63])),
            vendor().realm(10, out -> out.bytes(new byte[65])),
            vendor().realm(44235, out -> out.bytes(new byte[63])),
            vendor().realm(44238, out -> out.bytes(new byte[48])),
            vendor().realm(44239, out -> registers(out, 3, 32)),
            vendor().realm(44239, out -> registers(out, 5, 32)),
            vendor().realm(44239, out -> registers(out, 4, 64)))) {
      reject(judge(vendor), CcaStep.REALM_FIELDS);
    }
    accept(
        judge(
            vendor()
                .realm(44236, out -> out.text("sha-512"))
                .realm(44238, out -> out.bytes(new byte[64]))
                .realm(44239, out -> registers(out, 4, 64))));
  }

  private static void registers(CborOut out, int count, int length) {
    out.array(count);
    for (int i = 0; i < count; i++) {
      out.bytes(new byte[length]);
    }
  }

  @Test
  void onlyAllowedHashesAreUsed() {
    reject(judge(vendor().platform(2402, out -> out.text("sha-1"))), CcaStep.HASH_ALGORITHMS);
    reject(judge(vendor().realm(44236, out -> out.text("md5"))), CcaStep.HASH_ALGORITHMS);
    Judgement judgement = judge(vendor().bindingHash("SHA-1", "sha-1"));
    reject(judgement, CcaStep.HASH_ALGORITHMS);
    assertThat(unverified(judgement)).contains("binding");
    reject(
        judge(
            vendor()
                .platform(
                    2399,
                    out ->
                        out.array(1)
                            .map(3)
                            .integer(2)
                            .bytes(new byte[32])
                            .integer(5)
                            .bytes(new byte[32])
                            .integer(6)
                            .text("sha-1"))),
        CcaStep.HASH_ALGORITHMS);
  }

  @Test
  void theRealmsKeyIsAPointInTheFormOfItsProfile() {
    CcaVendor vendor = vendor();
    byte[] point = vendor.point();
    byte[] off = point.clone();
    off[off.length - 1] ^= 1;
    byte[] compressed = point.clone();
    compressed[0] = 2;
    for (byte[] key :
        List.of(
            off,
            compressed,
            new byte[0],
            Arrays.copyOf(point, 96),
            Arrays.copyOf(point, 98),
            vendor.coseKey())) {
      reject(judge(vendor.realmKey(key)), CcaStep.REALM_KEY);
    }
    reject(judge(vendor().newer().realmKey(point)), CcaStep.REALM_KEY);
  }

  @Test
  void theRealmsCoseKeyIsOneOfP384() {
    CcaVendor vendor = vendor().newer();
    byte[] point = vendor.point();
    byte[] x = Arrays.copyOfRange(point, 1, 49);
    byte[] y = Arrays.copyOfRange(point, 49, 97);
    accept(judge(vendor.realmKey(coseKey(4, 2, 2, x, y))));
    accept(judge(vendor.realmKey(coseKey(5, 2, 2, x, y, out -> out.integer(3).integer(-35)))));
    for (byte[] key :
        List.of(
            coseKey(4, 1, 2, x, y),
            coseKey(4, 2, 1, x, y),
            coseKey(4, 2, 2, y, x),
            coseKey(4, 2, 2, Arrays.copyOf(x, 47), y),
            coseKey(4, 2, 2, Arrays.copyOf(point, 49), Arrays.copyOfRange(point, 50, 97)),
            coseKey(5, 2, 2, x, y, out -> out.integer(3).integer(-7)),
            coseKey(5, 2, 2, x, y, out -> out.integer(-4).bytes(x)),
            coseKey(5, 2, 2, x, y, out -> out.integer(-3).bytes(y)))) {
      reject(judge(vendor.realmKey(key)), CcaStep.REALM_KEY);
    }
  }

  private static byte[] coseKey(int fields, int type, int curve, byte[] x, byte[] y) {
    return coseKey(fields, type, curve, x, y, out -> {});
  }

  private static byte[] coseKey(
      int fields,
      int type,
      int curve,
      byte[] x,
      byte[] y,
      java.util.function.Consumer<CborOut> more) {
    CborOut out =
        new CborOut()
            .map(fields)
            .integer(1)
            .integer(type)
            .integer(-1)
            .integer(curve)
            .integer(-2)
            .bytes(x)
            .integer(-3)
            .bytes(y);
    more.accept(out);
    return out.toBytes();
  }

  @Test
  void theRealmsKeySignsTheRealmsClaims() {
    reject(
        judge(vendor().realmMessage(m -> m.externalData(new byte[] {1}))), CcaStep.REALM_SIGNATURE);
    CcaVendor vendor = vendor();
    reject(judge(vendor.realmKey(vendor().point())), CcaStep.REALM_SIGNATURE);
  }

  @Test
  void thePlatformBindsTheRealmsKey() {
    reject(judge(vendor().unbound(new byte[32])), CcaStep.BINDING);
    reject(judge(vendor().unbound(new byte[0])), CcaStep.BINDING);
    reject(judge(vendor().bindingHash("SHA-512", "sha-256")), CcaStep.BINDING);
    accept(judge(vendor().bindingHash("SHA-512", "sha-512")));
    accept(judge(vendor().bindingHash("SHA-384", "sha-384")));
  }

  @Test
  void partsOfTwoTokensAreRefused() {
    CcaVendor platform = vendor();
    CcaVendor realm = vendor();
    byte[] first = platform.encode();
    byte[] second = realm.encode();
    byte[] spliced =
        join(
            Arrays.copyOf(first, realmAt(first)),
            Arrays.copyOfRange(second, realmAt(second), second.length));
    reject(judge(platform, spliced, Expectation.at(AT)), CcaStep.BINDING);
  }

  /** The key 44241 of the outer map, which occurs nowhere else. */
  private static int realmAt(byte[] token) {
    String hex = Bytes.of(token).hex();
    int at = hex.indexOf("19acd1");
    assertThat(at).isPositive().isEven();
    return at / 2;
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }
}
