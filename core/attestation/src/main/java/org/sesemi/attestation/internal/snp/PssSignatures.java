package org.sesemi.attestation.internal.snp;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which AMD signs certificates and revocation lists: RSASSA-PSS (RFC 8017, section
 * 8.1) with SHA-384 for content and mask and a salt of 48 bytes. The parameters are part of what is
 * signed, so the signer's choice is what is checked.
 */
final class PssSignatures {

  /** The JDK's name of the algorithm. */
  static final String ALGORITHM = "RSASSA-PSS";

  private static final String HASH = "SHA-384";
  private static final int SALT = 48;

  private PssSignatures() {}

  /** {@return whether algorithm and parameters are AMD's} */
  static boolean areVendors(String algorithm, byte @Nullable [] parameters) {
    if (!algorithm.equals(ALGORITHM) || parameters == null) {
      return false;
    }
    try {
      AlgorithmParameters decoded = AlgorithmParameters.getInstance(ALGORITHM, "SunRsaSign");
      decoded.init(parameters);
      PSSParameterSpec spec = decoded.getParameterSpec(PSSParameterSpec.class);
      return spec.getDigestAlgorithm().equals(HASH)
          && spec.getMGFAlgorithm().equals("MGF1")
          && spec.getMGFParameters() instanceof MGF1ParameterSpec mask
          && mask.getDigestAlgorithm().equals(HASH)
          && spec.getSaltLength() == SALT
          && spec.getTrailerField() == PSSParameterSpec.TRAILER_FIELD_BC;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }
}
