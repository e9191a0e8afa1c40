package org.pintail.bimi;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Is a logo an SVG Tiny P/S, with nothing that acts, moves, or fetches?
public final class SvgIndicator {
    /// Bytes of a logo.
    public static final int MAX_SIZE = 32 * 1024;

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final int MAX_DEPTH = 50;
    private static final Set<String> FORBIDDEN =
            Set.of("script", "animate", "animatemotion", "animatetransform", "animatecolor", "discard", "set", "foreignobject", "iframe", "handler");

    private SvgIndicator() {}

    /// Throws [BimiProblem].
    public static void check(byte[] svg) {
        if (svg.length > MAX_SIZE) {
            throw new BimiProblem("LOGO_TOO_LARGE", "the logo has more than " + MAX_SIZE + " bytes");
        }
        try {
            var factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(svg)).toString();
            check(factory.createXMLStreamReader(new StringReader(text.startsWith("\ufeff") ? text.substring(1) : text)));
        } catch (XMLStreamException | CharacterCodingException e) {
            throw new BimiProblem("INVALID_XML_FILE", "the logo is no XML in UTF-8");
        } catch (BimiProblem e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BimiProblem("INVALID_XML_FILE", "the logo is no XML: " + e.getMessage()); // the JDK's parser on some malformed texts
        }
    }

    private static void check(XMLStreamReader in) throws XMLStreamException {
        int depth = 0;
        boolean titled = false;
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    if (depth == 1) {
                        root(in);
                    }
                    if (depth > MAX_DEPTH) {
                        throw new BimiProblem("INVALID_SVG_FILE", "the logo nests deeper than " + MAX_DEPTH);
                    }
                    titled |= depth == 2 && in.getLocalName().equals("title");
                    element(in);
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> refersNowhere(in.getText());
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new BimiProblem("INVALID_XML_FILE", "the logo has a document type or entities");
                case XMLStreamConstants.PROCESSING_INSTRUCTION ->
                    throw new BimiProblem("LOGO_INCLUDES_REFERENCE", "the logo has processing instructions");
                default -> {
                    // comments and the like show nothing
                }
            }
        }
        if (!titled) {
            throw new BimiProblem("LOGO_MISSING_TITLE", "the logo has no title");
        }
    }

    private static void root(XMLStreamReader in) {
        if (!in.getLocalName().equals("svg") || !SVG.equals(in.getNamespaceURI())) {
            throw new BimiProblem("INVALID_SVG_FILE", "the logo is no SVG");
        }
        if (!"tiny-ps".equals(in.getAttributeValue(null, "baseProfile"))) {
            throw new BimiProblem("INVALID_BASE_PROFILE", "the logo is not of the profile tiny-ps");
        }
        if (in.getAttributeValue(null, "x") != null || in.getAttributeValue(null, "y") != null) {
            throw new BimiProblem("LOGO_INVALID_ROOT_ATTRS", "the logo has x or y at its root");
        }
    }

    private static void element(XMLStreamReader in) {
        var name = in.getLocalName().toLowerCase(Locale.ROOT);
        if (FORBIDDEN.contains(name)) {
            throw new BimiProblem("LOGO_INVALID_ELEMENT", "the logo has the element " + name);
        }
        for (int i = 0; i < in.getAttributeCount(); i++) {
            var attribute = in.getAttributeLocalName(i).toLowerCase(Locale.ROOT);
            var value = in.getAttributeValue(i).strip();
            if (attribute.startsWith("on")) {
                throw new BimiProblem("LOGO_INVALID_ELEMENT", "the logo has the attribute " + attribute);
            }
            boolean reference = attribute.equals("href") || attribute.equals("src") || attribute.equals("base");
            if (reference && !value.isEmpty() && !value.startsWith("#")) {
                throw new BimiProblem("LOGO_INCLUDES_REFERENCE", "the logo refers to something else");
            }
            refersNowhere(value);
        }
    }

    /// `url(…)` of style sheets and presentation attributes leads inside only.
    private static void refersNowhere(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        for (int at = lower.indexOf("url("); at >= 0; at = lower.indexOf("url(", at + 1)) {
            var target = lower.substring(at + 4).stripLeading();
            if (!target.startsWith("#") && !target.startsWith("'#") && !target.startsWith("\"#")) {
                throw new BimiProblem("LOGO_INCLUDES_REFERENCE", "the logo refers to something else");
            }
        }
        if (lower.contains("@import")) {
            throw new BimiProblem("LOGO_INCLUDES_REFERENCE", "the logo imports a style sheet");
        }
    }
}
