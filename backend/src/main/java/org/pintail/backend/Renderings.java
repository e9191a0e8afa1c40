package org.pintail.backend;

/// What was rendered when the message was stored and IMAP gives out as it is: the part of [MessageContent] that costs little to read.
public record Renderings(Bytes envelope, Bytes bodyStructure, Bytes partMap) {}
