/// Measures Pintail against Postfix and Dovecot, in turn on the same machine, and prints ratios as Markdown for `docs/benchmarks.md`.
///
/// Start reading at [org.pintail.bench.Main], then one benchmark, [org.pintail.bench.MxBench]. [org.pintail.bench.PintailServer] and
/// [org.pintail.bench.DebianServers] start the contestants from configuration in a temporary directory, on free high ports.
/// [org.pintail.bench.ProcessTree] reads their CPU time and memory from `/proc`.
@NullMarked
package org.pintail.bench;

import org.jspecify.annotations.NullMarked;
