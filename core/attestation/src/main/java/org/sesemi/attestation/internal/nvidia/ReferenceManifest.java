package org.sesemi.attestation.internal.nvidia;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.WireException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * A reference manifest: an ISO/IEC 19770-2 software identity after the TCG RIM information model,
 * with one element for each measurement of the device.
 *
 * @param version the version of what it describes
 * @param golden the acceptable values of each measurement that counts, by its index from 0
 * @param certificates the certificates in its signature, in their order
 * @param signature its signature
 */
record ReferenceManifest(
    String version,
    SortedMap<Integer, Set<Bytes>> golden,
    List<X509Certificate> certificates,
    ManifestSignature signature) {

  static final String SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#";

  private static final String IDENTITY_NAMESPACE =
      "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
  private static final String HASH_NAMESPACE = "http://www.w3.org/2001/04/xmlenc#sha384";
  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_INDEX = 254;
  private static final int MAX_ALTERNATIVES = 64;
  private static final int MAX_CERTIFICATES = 8;
  private static final int DIGEST = 48;

  ReferenceManifest {
    golden = Collections.unmodifiableSortedMap(new TreeMap<>(golden));
    certificates = List.copyOf(certificates);
  }

  static ReferenceManifest parse(byte[] xml) {
    if (xml.length > MAX_LENGTH) {
      throw new Unreadable("the manifest is too long");
    }
    Document document = read(xml);
    Element root = document.getDocumentElement();
    if (!isNamed(root, IDENTITY_NAMESPACE, "SoftwareIdentity")) {
      throw new Unreadable("the manifest is not a software identity");
    }
    Element signature = child(root, SIGNATURE_NAMESPACE, "Signature");
    if (document.getElementsByTagNameNS("*", "Signature").getLength() != 1) {
      throw new Unreadable("the manifest has several signatures");
    }
    String version = attribute(child(root, IDENTITY_NAMESPACE, "Meta"), null, "colloquialVersion");
    return new ReferenceManifest(
        version,
        golden(child(root, IDENTITY_NAMESPACE, "Payload")),
        certificates(signature),
        ManifestSignature.of(signature));
  }

  private static Document read(byte[] xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new Refusing());
      return builder.parse(new ByteArrayInputStream(xml));
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's XML parser cannot be made safe", e);
    } catch (SAXException | IOException e) {
      throw new Unreadable("the manifest is not XML without a document type");
    }
  }

  /** Ends the parse silently, where the JDK would print. */
  private static final class Refusing implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
      throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }

  private static SortedMap<Integer, Set<Bytes>> golden(Element payload) {
    SortedMap<Integer, Set<Bytes>> golden = new TreeMap<>();
    Set<Integer> seen = new HashSet<>();
    for (Element resource : children(payload)) {
      if (!isNamed(resource, IDENTITY_NAMESPACE, "Resource")
          || !attribute(resource, null, "type").equals("Measurement")) {
        throw new Unreadable("the manifest has something that is not a measurement");
      }
      int index = number(resource, "index", MAX_INDEX);
      if (!seen.add(index)) {
        throw new Unreadable("the manifest has measurement " + index + " twice");
      }
      Set<Bytes> values = values(resource, index);
      switch (attribute(resource, null, "active")) {
        case "True" -> golden.put(index, values);
        case "False" -> {
          // Known, but does not count on this product.
        }
        default -> throw new Unreadable("measurement " + index + " is neither active nor not");
      }
    }
    if (golden.isEmpty()) {
      throw new Unreadable("the manifest knows no measurement");
    }
    return golden;
  }

  private static Set<Bytes> values(Element resource, int index) {
    if (number(resource, "size", DIGEST) != DIGEST) {
      throw new Unreadable("measurement " + index + " is not a SHA-384 digest");
    }
    int alternatives = number(resource, "alternatives", MAX_ALTERNATIVES);
    Set<Bytes> values = new TreeSet<>();
    for (int i = 0; i < alternatives; i++) {
      try {
        Bytes value = Bytes.parse(attribute(resource, HASH_NAMESPACE, "Hash" + i));
        if (value.length() != DIGEST) {
          throw new Unreadable("measurement " + index + " is not a SHA-384 digest");
        }
        values.add(value);
      } catch (WireException e) {
        throw new Unreadable("measurement " + index + " is not lower-case hex");
      }
    }
    if (values.isEmpty() || resource.hasAttributeNS(HASH_NAMESPACE, "Hash" + alternatives)) {
      throw new Unreadable("measurement " + index + " has another number of values");
    }
    return Collections.unmodifiableSet(values);
  }

  private static List<X509Certificate> certificates(Element signature) {
    Element data =
        child(child(signature, SIGNATURE_NAMESPACE, "KeyInfo"), SIGNATURE_NAMESPACE, "X509Data");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Element each : children(data)) {
      if (!isNamed(each, SIGNATURE_NAMESPACE, "X509Certificate")
          || certificates.size() == MAX_CERTIFICATES) {
        throw new Unreadable("the signature has something else than a few certificates");
      }
      certificates.add(X509.read(base64(each), "a certificate of the manifest"));
    }
    return certificates;
  }

  /** {@return the bytes of an element's base64, of which line ends and spaces are no part} */
  static byte[] base64(Element element) {
    String text = element.getTextContent().replaceAll("[ \t\r\n]", "");
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
        throw new Unreadable("the signature has base64 in another than the one form");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new Unreadable("the signature has something that is not base64");
    }
  }

  private static int number(Element element, String name, int max) {
    String text = attribute(element, null, name);
    if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > max) {
      throw new Unreadable("the manifest has a wrong " + name);
    }
    return Integer.parseInt(text);
  }

  @SuppressWarnings("NullAway") // DOM takes a null namespace for none
  private static String attribute(
      Element element, @org.jspecify.annotations.Nullable String namespace, String name) {
    if (!element.hasAttributeNS(namespace, name)) {
      throw new Unreadable("the manifest has an element without " + name);
    }
    return element.getAttributeNS(namespace, name);
  }

  /** {@return the one child with a name} */
  static Element child(Element parent, String namespace, String name) {
    List<Element> found =
        children(parent).stream().filter(each -> isNamed(each, namespace, name)).toList();
    if (found.size() != 1) {
      throw new Unreadable("the manifest has not one " + name + " where one is due");
    }
    return found.getFirst();
  }

  private static List<Element> children(Element parent) {
    List<Element> elements = new ArrayList<>();
    NodeList nodes = parent.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node node = nodes.item(i);
      if (node instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }

  private static boolean isNamed(Element element, String namespace, String name) {
    return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
  }
}
