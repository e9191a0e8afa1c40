/// The Sender Rewriting Scheme: a return path of our own for mail that is forwarded, so that SPF holds at the next server and bounces
/// find the way back. The format is the one that Haraka and ZoneMTA share, so both may take part in the same installation.
@NullMarked
package org.pintail.srs;

import org.jspecify.annotations.NullMarked;
