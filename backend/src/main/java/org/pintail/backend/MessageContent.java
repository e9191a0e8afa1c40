package org.pintail.backend;

/// What never changes about a message, rendered when it was stored. `envelope` and `bodyStructure` are IMAP bytes, `partMap` is
/// [org.pintail.mime.PartMap]; `details` holds the fields of the data model that listings and the API show (`headers`, `subject`, `msgid`,
/// `intro`, `text`, `html`, `attachments`, `meta`, `from`, `to` …).
public record MessageContent(ObjectId id, Bytes envelope, Bytes bodyStructure, Bytes partMap, Document details) {}
