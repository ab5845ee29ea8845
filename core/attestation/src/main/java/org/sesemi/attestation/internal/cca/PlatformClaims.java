package org.sesemi.attestation.internal.cca;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.cose.CborFields;
import org.sesemi.attestation.internal.cose.CborItem;
import org.sesemi.wire.Bytes;

/**
 * What the platform says about itself. Source: Realm Management Monitor specification, attestation,
 * CCA platform claims; keys of the older and the newer profile are the same.
 *
 * @param profile the form of the claims
 * @param challenge the hash of the realm's key
 * @param implementationId the hardware's design, 32 bytes
 * @param instanceId the one machine, 33 bytes of which the first is 1
 * @param config how the platform is set up
 * @param lifecycle the state of the platform's security, 16 bits
 * @param hashAlgorithm the hash of the components, unless they name another
 * @param components the firmware
 * @param verificationService where somebody verifies such tokens, if it is said
 */
record PlatformClaims(
    String profile,
    Bytes challenge,
    Bytes implementationId,
    Bytes instanceId,
    Bytes config,
    long lifecycle,
    String hashAlgorithm,
    List<Component> components,
    Optional<String> verificationService) {

  /** The older profile. */
  static final String PROFILE_OLD = "http://arm.com/CCA-SSD/1.0.0";

  /** The newer profile. */
  static final String PROFILE_2023 = "tag:arm.com,2023:cca_platform#1.0.0";

  private static final int PROFILE = 265;
  private static final int CHALLENGE = 10;
  private static final int INSTANCE_ID = 256;
  private static final int LIFECYCLE = 2395;
  private static final int IMPLEMENTATION_ID = 2396;
  private static final int COMPONENTS = 2399;
  private static final int SERVICE = 2400;
  private static final int CONFIG = 2401;
  private static final int HASH = 2402;
  private static final int MAX_COMPONENTS = 64;

  /**
   * A piece of firmware.
   *
   * @param type what it is, if it is said
   * @param measurement its hash
   * @param version its version, if it is said
   * @param signerId who signed it
   * @param hashAlgorithm the hash, if it is another than the platform's
   */
  record Component(
      Optional<String> type,
      Bytes measurement,
      Optional<String> version,
      Bytes signerId,
      Optional<String> hashAlgorithm) {

    private static Component parse(CborItem item) {
      String what = "a component";
      CborFields fields = item.fields(what);
      Component component =
          new Component(
              fields.optional(1).map(value -> value.name(what)),
              Bytes.of(fields.get(2).bytes(what)),
              fields.optional(4).map(value -> value.name(what)),
              Bytes.of(fields.get(5).bytes(what)),
              fields.optional(6).map(value -> value.name(what)));
      fields.finish();
      return component;
    }

    private ClaimValue claim() {
      ClaimSet.Builder claims = ClaimSet.builder();
      type.ifPresent(text -> claims.put("type", text));
      claims.put("measurement", measurement);
      version.ifPresent(text -> claims.put("version", text));
      claims.put("signerId", signerId);
      hashAlgorithm.ifPresent(text -> claims.put("hashAlgorithm", text));
      return new ClaimValue.Group(claims.build());
    }
  }

  PlatformClaims {
    components = List.copyOf(components);
  }

  static PlatformClaims parse(byte[] payload) {
    String what = "the platform's claims";
    CborFields fields = CborItem.parse(payload, what).fields(what);
    List<Component> components = new ArrayList<>();
    for (CborItem item : fields.get(COMPONENTS).array("the components")) {
      components.add(Component.parse(item));
    }
    if (components.size() > MAX_COMPONENTS) {
      throw new Unreadable("there are more than " + MAX_COMPONENTS + " components");
    }
    PlatformClaims claims =
        new PlatformClaims(
            fields.get(PROFILE).name("the profile"),
            Bytes.of(fields.get(CHALLENGE).bytes("the challenge")),
            Bytes.of(fields.get(IMPLEMENTATION_ID).bytes("the implementation id")),
            Bytes.of(fields.get(INSTANCE_ID).bytes("the instance id")),
            Bytes.of(fields.get(CONFIG).bytes("the configuration")),
            fields.get(LIFECYCLE).integer(0, 0xffff, "the life cycle"),
            fields.get(HASH).name("the hash algorithm"),
            components,
            fields.optional(SERVICE).map(item -> item.name("the verification service")));
    fields.finish();
    return claims;
  }

  boolean hasKnownProfile() {
    return profile.equals(PROFILE_OLD) || profile.equals(PROFILE_2023);
  }

  boolean hasAllowedHashes() {
    return CcaHash.named(hashAlgorithm).isPresent()
        && components.stream()
            .flatMap(component -> component.hashAlgorithm().stream())
            .allMatch(name -> CcaHash.named(name).isPresent());
  }

  boolean hasGoodFields() {
    return implementationId.length() == 32
        && instanceId.length() == 33
        && instanceId.toArray()[0] == 1
        && !components.isEmpty()
        && components.stream()
            .allMatch(
                component ->
                    CcaHash.fits(
                            component.hashAlgorithm().orElse(hashAlgorithm),
                            component.measurement())
                        && CcaHash.fitsAny(component.signerId()));
  }

  Lifecycle state() {
    return Lifecycle.of(lifecycle);
  }

  void addTo(ClaimSet.Builder claims) {
    claims
        .put("debug", state().isDebug())
        .put("platformProfile", profile)
        .put("platformLifecycle", lifecycle)
        .put("platformLifecycleState", state().text())
        .put("platformImplementationId", implementationId)
        .put("platformInstanceId", instanceId)
        .put("platformConfig", config)
        .put("platformBindingNonce", challenge)
        .put("platformHashAlgorithm", hashAlgorithm)
        .put(
            "platformComponents",
            new ClaimValue.Several(components.stream().map(Component::claim).toList()));
    verificationService.ifPresent(text -> claims.put("platformVerificationService", text));
  }
}
