package org.sesemi.attestation.internal.nvidia;

import java.io.IOException;
import java.io.InputStream;
import java.security.PublicKey;
import java.security.Security;
import java.util.List;
import java.util.Optional;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.SignatureMemo;
import org.sesemi.attestation.internal.Unreadable;
import org.w3c.dom.Element;

/**
 * The enveloped XML signature of a manifest, in the one form that the vendor uses: one reference,
 * to the whole document; canonical XML 1.1; SHA-384; ECDSA P-384. Any other form is refused before
 * anything is computed, so that the document does not choose what is signed, nor how.
 */
final class ManifestSignature {

  private static final String C14N11 = "http://www.w3.org/2006/12/xml-c14n11";
  private static final String ENVELOPED = Transform.ENVELOPED;
  private static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
  private static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";

  private final Element element;

  private ManifestSignature(Element element) {
    this.element = element;
  }

  static ManifestSignature of(Element element) {
    return new ManifestSignature(element);
  }

  /**
   * {@return why the signature does not hold for the document that it is in, if so}
   *
   * @param key the signer's
   * @param document the whole document; under a key that it held for once, it holds again
   */
  Optional<String> problem(PublicKey key, byte[] document) {
    return SignatureMemo.verify("manifest", key, document, () -> problem(key).isEmpty())
        ? Optional.empty()
        : problem(key);
  }

  private Optional<String> problem(PublicKey key) {
    if (!EcKeys.P384.owns(key)) {
      return Optional.of("the signer's key is not one of P-384");
    }
    DOMValidateContext context =
        new DOMValidateContext(KeySelector.singletonKeySelector(key), element);
    context.setProperty("org.jcp.xml.dsig.secureValidation", true);
    context.setProperty(
        "org.jcp.xml.dsig.internal.dom.SignatureProvider", Security.getProvider("SunEC"));
    try {
      XMLSignature signature =
          XMLSignatureFactory.getInstance("DOM", Security.getProvider("XMLDSig"))
              .unmarshalXMLSignature(context);
      Optional<String> form = formProblem(signature);
      if (form.isPresent()) {
        return form;
      }
      Reference whole = signature.getSignedInfo().getReferences().getFirst();
      if (!whole.validate(context)) {
        return Optional.of("the document is not the one that was signed");
      }
      return isSigned(signature, context, key)
          ? Optional.empty()
          : Optional.of("the signature is not one of the signer");
    } catch (MarshalException | XMLSignatureException e) {
      return Optional.of("the signature cannot be read");
    }
  }

  private static Optional<String> formProblem(XMLSignature signature) {
    SignedInfo info = signature.getSignedInfo();
    List<Reference> references = info.getReferences();
    if (!info.getCanonicalizationMethod().getAlgorithm().equals(C14N11)
        || !info.getSignatureMethod().getAlgorithm().equals(ECDSA_SHA384)) {
      return Optional.of("the signature uses other algorithms");
    }
    if (references.size() != 1 || !signature.getObjects().isEmpty()) {
      return Optional.of("the signature covers several things");
    }
    Reference reference = references.getFirst();
    if (!"".equals(reference.getURI())) {
      return Optional.of("the signature does not cover the whole document");
    }
    List<String> transforms =
        reference.getTransforms().stream().map(Transform::getAlgorithm).toList();
    if (!transforms.equals(List.of(ENVELOPED, C14N11))
        || !reference.getDigestMethod().getAlgorithm().equals(SHA384)) {
      return Optional.of("the signature covers the document in another form");
    }
    return Optional.empty();
  }

  /** The JDK's verdict, and our own over the same canonical bytes with r and s in range. */
  private static boolean isSigned(XMLSignature signature, DOMValidateContext context, PublicKey key)
      throws XMLSignatureException {
    if (!signature.getSignatureValue().validate(context)) {
      return false;
    }
    try (InputStream canonical = signature.getSignedInfo().getCanonicalizedData()) {
      return EcKeys.P384.verify(
          key, canonical.readAllBytes(), signature.getSignatureValue().getValue());
    } catch (IOException e) {
      throw new Unreadable("the signed part cannot be read");
    }
  }
}
