package org.sesemi.vendors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * A reference manifest with every field settable. What is not set has the values of a good
 * manifest. Not thread-safe.
 */
public final class NvidiaManifest {

  /** Canonical XML 1.1. */
  public static final String C14N11 = "http://www.w3.org/2006/12/xml-c14n11";

  private static final String IDENTITY = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";

  /** The version of what the manifest describes. */
  public String version = "550.90.07";

  /** Lines of XML between the root and the payload. */
  public String extra = "";

  /** Attributes of the root. */
  public String rootAttributes = "";

  /** The measurements as XML elements by index. */
  public final Map<Integer, String> resources = new TreeMap<>();

  /** How the document is canonicalised in the end. */
  public String transform = C14N11;

  /** Whether the signature is left out of what is signed. */
  public boolean enveloped = true;

  /** How the signed part is canonicalised. */
  public String canonicalization = C14N11;

  /** How it is signed. */
  public String signatureMethod = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";

  /** How the document is hashed. */
  public String digestMethod = "http://www.w3.org/2001/04/xmldsig-more#sha384";

  /** What is signed: an empty reference is the document. */
  public String reference = "";

  /** Makes a manifest that verifies. */
  public NvidiaManifest() {}

  /** Sets an active measurement with its acceptable values. */
  public NvidiaManifest active(int index, byte[]... values) {
    return resource(index, "True", values);
  }

  /** Sets a measurement with all that is in its element. */
  public NvidiaManifest resource(int index, String active, byte[]... values) {
    StringBuilder hashes = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      hashes
          .append(" h:Hash")
          .append(i)
          .append("=\"")
          .append(HexFormat.of().formatHex(values[i]))
          .append('"');
    }
    return raw(
        index,
        String.format(
            Locale.ROOT,
            "<Resource type=\"Measurement\" index=\"%d\" active=\"%s\" alternatives=\"%d\"%s"
                + " name=\"Measurement_%d\" size=\"48\"/>",
            index,
            active,
            values.length,
            hashes,
            index));
  }

  /** Sets a measurement's element. */
  public NvidiaManifest raw(int index, String xml) {
    resources.put(index, xml);
    return this;
  }

  /** {@return the manifest without a signature} */
  public String unsigned() {
    return "<SoftwareIdentity xmlns=\""
        + IDENTITY
        + "\" xmlns:h=\"http://www.w3.org/2001/04/xmlenc#sha384\" name=\"GH100\""
        + rootAttributes
        + ">\n<Meta colloquialVersion=\""
        + version
        + "\" product=\"GH100\"/>\n"
        + extra
        + "<Payload>\n"
        + String.join("\n", resources.values())
        + "\n</Payload>\n</SoftwareIdentity>";
  }

  /** {@return the manifest, signed, with certificates in it} */
  public byte[] sign(PrivateKey key, X509Certificate... certificates) {
    try {
      DocumentBuilderFactory documents = DocumentBuilderFactory.newDefaultNSInstance();
      Document document =
          documents
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(unsigned().getBytes(StandardCharsets.UTF_8)));
      document.getDocumentElement().setIdAttribute("name", true);
      XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
      KeyInfoFactory keys = factory.getKeyInfoFactory();
      DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
      context.setDefaultNamespacePrefix("ds");
      factory
          .newXMLSignature(
              signedInfo(factory),
              keys.newKeyInfo(List.of(keys.newX509Data(Stream.of(certificates).toList()))))
          .sign(context);
      return serialise(document);
    } catch (GeneralSecurityException
        | MarshalException
        | XMLSignatureException
        | ParserConfigurationException
        | SAXException
        | TransformerException
        | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SignedInfo signedInfo(XMLSignatureFactory factory) throws GeneralSecurityException {
    Transform canonical = factory.newTransform(transform, (TransformParameterSpec) null);
    Transform without = factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null);
    Reference whole =
        factory.newReference(
            reference,
            factory.newDigestMethod(digestMethod, null),
            enveloped ? List.of(without, canonical) : List.of(canonical),
            null,
            null);
    return factory.newSignedInfo(
        factory.newCanonicalizationMethod(canonicalization, (C14NMethodParameterSpec) null),
        factory.newSignatureMethod(signatureMethod, null),
        List.of(whole));
  }

  private static byte[] serialise(Document document) throws TransformerException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var transformer = TransformerFactory.newDefaultInstance().newTransformer();
    transformer.setOutputProperty("omit-xml-declaration", "yes");
    transformer.transform(new DOMSource(document), new StreamResult(out));
    return out.toByteArray();
  }

  /** {@return the namespace of XML signatures} */
  public static String signatureNamespace() {
    return XMLSignature.XMLNS;
  }
}
