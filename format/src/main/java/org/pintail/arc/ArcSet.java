package org.pintail.arc;

import org.pintail.header.Field;

/// One link of a chain (RFC 8617 §4.1): what was found, the signature of the message, the seal over everything so far.
///
/// @param sealer `d=` of the seal
/// @param chain `cv=` of the seal
record ArcSet(int instance, Field results, Field signature, Field seal, String sealer, String chain) {}
