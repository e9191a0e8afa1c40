/// The scale-out engine: the documents, indexes and GridFS buckets that WildDuck and ZoneMTA use, shared by any number of processes.
///
/// Read first: [MongoStore], then `Boxes` (where steps begin and end), `Step`, `Finishing`, `Arrivals`. There are no transactions and no pipeline
/// updates: one document changes atomically, and every other write may be made again.
///
/// **The document of a mailbox is where a change is decided.** One update, on the condition that `uidNext` and `modifyIndex` are what they
/// were when the change was planned, takes uids and modseqs and announces the step in `pintail.steps`. Readers see the mailbox as it was before
/// the oldest step that has not ended, so nobody is told of a uid or modseq while a smaller one can still come. One update ends the step: it
/// takes the announcement away and changes the counters, and only one caller can make it. Whoever sees a step stand still (`helping`, by its
/// own clock since it first saw it) deals with it:
///
/// | change | order of its writes | if its process dies half way |
/// |---|---|---|
/// | append, copy | 1 usage raised (conditional on the quota); 2 parts kept, `c`+1; 3 step begins in every mailbox; 4 messages inserted, `w: majority`; 5 journal; 6 the first step ends: **decided**; 7 the others end | before 6: undone (the step becomes an ABORT, a void document with the message's id stops a late insert, what was inserted goes); after 6: the others are ended |
/// | delivery to one account | 1 parts kept, `c`+1; 2 step begins; 3 message inserted, `w: majority`: **decided**; with those of others: 4 its thread, where it is another; 5 usage; 6 journal; 7 step ends | before 3: undone; after: finished, without 4 |
/// | flags | 1 step begins with the new flags: **decided**; 2 messages updated where `modseq` is smaller; 3 journal; 4 step ends | finished |
/// | expunge | 1 step begins: **decided**; 2 uids into `expunged`; 3 messages deleted, whoever deletes gives parts and usage back; 4 journal; 5 step ends | finished |
/// | move | 1 step begins in the old mailbox, with the ids of the copies: **decided**; 2 step begins in the new one unless it has, or the copies came; 3 copies inserted; 4 journal; 5 that step ends; 6 uids into `expunged`, old messages deleted; 7 journal; 8 step ends | finished |
/// | rename with children | 1 note in `steps`: **decided**; 2 all paths aside, 3 all paths to their place; 4 journal; 5 note removed | finished; taken paths: all go back |
/// | delete a mailbox | 1 note in `steps`; 2 mailbox deleted: **decided**; 3 messages deleted; 4 journal; 5 note removed | before 2: nothing happened; after: finished |
/// | enqueue | 1 rows, staged; 2 chunks; 3 file entries, that of the first message last: **decided**; 4 rows unlocked | before 3: removed after an hour; after: unlocked |
/// | settle | 1 what comes with it staged; 2 row marked as settled on condition of its lease: **decided**; 3 that unlocked; 4 row deleted, with the last one the body | before 2: the lease ends, what was staged is removed; after: finished |
///
/// What a death can leave behind: usage, or references to attachments, that are too high (never too low). `store check --repair` counts again.
///
/// The journal: the id of an entry is the one after the account's last entry, see `Journal`. Attachments: see `MongoAttachments`. Fields that
/// WildDuck does not know are below `pintail`; a mailbox that WildDuck changed is counted again (`Box.isCounted`), a message that it wrote is
/// rendered when it is first read. All numbers are read in whatever BSON type they have.
///
/// With `messages` sharded by (`mailbox`, `uid`) all of this stays true: inserts that must exclude each other have the same key.
@NullMarked
package org.pintail.mongodb;

import org.jspecify.annotations.NullMarked;
