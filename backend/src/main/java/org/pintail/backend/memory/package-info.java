/// The engine that keeps everything in memory: every test of the suite runs on it, and it says by its code what the contracts mean.
///
/// Read first: [MemoryStore]. `MailState` holds what [org.pintail.backend.Mailboxes] and [org.pintail.backend.Messages] share; each step
/// runs under its lock, and watchers are woken after the lock is released. Nothing is kept when the process ends.
@NullMarked
package org.pintail.backend.memory;

import org.jspecify.annotations.NullMarked;
