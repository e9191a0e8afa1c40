package org.pintail.mime;

/// The usual extension of a media type, for parts without a name.
final class FileExtension {
    private FileExtension() {}

    static String of(String mediaType) {
        return switch (mediaType) {
            case "text/plain" -> ".txt";
            case "text/html" -> ".html";
            case "text/calendar" -> ".ics";
            case "text/vcard" -> ".vcf";
            case "image/jpeg" -> ".jpg";
            case "image/png" -> ".png";
            case "image/gif" -> ".gif";
            case "application/pdf" -> ".pdf";
            case "application/zip" -> ".zip";
            case "message/rfc822" -> ".eml";
            default -> ".bin";
        };
    }
}
