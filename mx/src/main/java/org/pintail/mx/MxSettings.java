package org.pintail.mx;

/// What an operator can set about receiving.
///
/// @param hostname in the banner and in Received
/// @param maxSize bytes of a message
/// @param maxRecipients of one transaction
/// @param maxReceived Received fields before a message counts as looping
public record MxSettings(String hostname, long maxSize, int maxRecipients, int maxReceived) {
    public static MxSettings defaults(String hostname) {
        return new MxSettings(hostname, 25L << 20, 100, 100);
    }
}
