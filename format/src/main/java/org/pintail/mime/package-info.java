/// The structure of a message: MIME parts found in one streaming pass, rendered for IMAP, cut into a skeleton and
/// attachments for the store, and put together again byte for byte. RFC 5322, 2045 to 2049, 2231, 6532, 9051 §7.5.2.
///
/// Read first: [MimeParser], then [MimePart]. Nothing here throws on bad mail: a [ParsedMessage] carries its problems.
@NullMarked
package org.pintail.mime;

import org.jspecify.annotations.NullMarked;
