package org.pintail.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pintail.imap.wire.BadCommand;
import org.pintail.imap.wire.ImapReader;
import org.pintail.mail.Folders;
import org.pintail.mail.Refusal;

/// What a client wants to be told of, RFC 5465 §8.
///
///     event-groups = event-group *(SP event-group)
///     event-group = "(" filter-mailboxes SP ("NONE" / "(" event *(SP event) ")") ")"
///     filter-mailboxes = "selected" / "selected-delayed" / "inboxes" / "personal" / "subscribed" /
///                        ("subtree" / "subtree-one" / "mailboxes") SP (mailbox / "(" mailbox *(SP mailbox) ")")
///     event = "MessageNew" [SP "(" fetch-att *(SP fetch-att) ")"] / "MessageExpunge" / "FlagChange" / "MailboxName" / "SubscriptionChange" /
///             "MailboxMetadataChange" / "ServerMetadataChange"
///
/// @param selected of the selected mailbox; without one nothing is told of it
/// @param groups of all others; a mailbox may fall into several (§6)
/// @param unknown were there events that nothing is known of?
record NotifyRequest(@Nullable Selected selected, List<Group> groups, boolean unknown) {
    static final NotifyRequest NOTHING = new NotifyRequest(null, List.of(), false);
    private static final int GROUPS = 100;

    /// Messages that come or go, flags that change, mailboxes that are made, renamed or removed, subscriptions, annotations of mailboxes and
    /// of the server.
    record Events(
            boolean arrivals,
            boolean expunges,
            boolean flags,
            boolean names,
            boolean subscriptions,
            boolean annotations,
            boolean serverAnnotations) {
        static final Events NONE = new Events(false, false, false, false, false, false, false);

        Events and(Events more) {
            return new Events(
                    arrivals || more.arrivals,
                    expunges || more.expunges,
                    flags || more.flags,
                    names || more.names,
                    subscriptions || more.subscriptions,
                    annotations || more.annotations,
                    serverAnnotations || more.serverAnnotations);
        }

        /// Anything that is not about the messages in a mailbox.
        boolean beyondMessages() {
            return names || subscriptions || annotations || serverAnnotations;
        }

        /// Anything about the messages in a mailbox.
        boolean messages() {
            return arrivals || expunges || flags;
        }
    }

    /// `immediate`: expunged messages are told at once, not only where RFC 3501 §7.4.1 has it. `items`: what of new messages is told.
    record Selected(boolean immediate, Events events, List<FetchItem> items) {
        Selected {
            items = List.copyOf(items);
        }
    }

    enum Filter {
        INBOXES,
        PERSONAL,
        SUBSCRIBED,
        SUBTREE,
        SUBTREE_ONE,
        MAILBOXES
    }

    record Group(Filter filter, List<String> names, Events events) {
        Group {
            names = List.copyOf(names);
        }

        boolean takes(MailboxTree.Row row, Set<String> inboxes, boolean own) {
            return switch (filter) {
                case INBOXES -> inboxes.contains(row.path());
                case PERSONAL -> own;
                case SUBSCRIBED -> row.subscribed();
                case SUBTREE -> names.stream().anyMatch(n -> row.path().equals(n) || row.path().startsWith(n + "/"));
                case SUBTREE_ONE -> names.stream().anyMatch(n -> row.path().equals(n) || isChild(row.path(), n));
                case MAILBOXES -> names.contains(row.path());
            };
        }

        private static boolean isChild(String path, String parent) {
            return path.startsWith(parent + "/") && path.indexOf('/', parent.length() + 1) < 0;
        }

        /// Which mailboxes, after the word that says how they are named.
        static Group parse(ImapReader in, String word) throws IOException {
            var filter =
                    switch (word) {
                        case "INBOXES" -> Filter.INBOXES;
                        case "PERSONAL" -> Filter.PERSONAL;
                        case "SUBSCRIBED" -> Filter.SUBSCRIBED;
                        case "SUBTREE" -> Filter.SUBTREE;
                        case "SUBTREE-ONE" -> Filter.SUBTREE_ONE;
                        case "MAILBOXES" -> Filter.MAILBOXES;
                        default -> throw new BadCommand("no such kind of mailboxes");
                    };
            List<String> names = List.of();
            if (filter == Filter.SUBTREE || filter == Filter.SUBTREE_ONE || filter == Filter.MAILBOXES) {
                in.sp();
                names = in.peek() == '(' ? in.list(() -> name(in)) : List.of(name(in));
                if (names.isEmpty()) {
                    throw new BadCommand("expected a mailbox");
                }
            }
            return new Group(filter, names, Events.NONE);
        }

        /// As stored; a name that cannot exist stays as it is and matches nothing.
        private static String name(ImapReader in) throws IOException {
            var name = in.mailbox();
            try {
                return Folders.normalize(name);
            } catch (Refusal noName) {
                return name;
            }
        }
    }

    NotifyRequest {
        groups = List.copyOf(groups);
    }

    static NotifyRequest parse(ImapReader in) throws IOException {
        var parsed = new Parser(in);
        do {
            parsed.group();
        } while (in.accept(' '));
        return new NotifyRequest(parsed.selected, parsed.groups, parsed.unknown);
    }

    /// What is told of a mailbox; empty when it falls into no group.
    Optional<Events> events(MailboxTree.Row row, Set<String> inboxes, boolean own) {
        return groups.stream().filter(g -> g.takes(row, inboxes, own)).map(Group::events).reduce(Events::and);
    }

    boolean wantsServerAnnotations() {
        return groups.stream().anyMatch(g -> g.events.serverAnnotations());
    }

    boolean needsInboxes() {
        return groups.stream().anyMatch(g -> g.filter == Filter.INBOXES);
    }

    private static final class Parser {
        private final ImapReader in;
        private final List<Group> groups = new ArrayList<>();
        private @Nullable Selected selected;
        private boolean unknown;
        private List<FetchItem> items = List.of();

        Parser(ImapReader in) {
            this.in = in;
        }

        void group() throws IOException {
            in.expect('(');
            var word = in.word();
            if (word.equals("SELECTED") || word.equals("SELECTED-DELAYED")) {
                selected(word.equals("SELECTED"));
            } else {
                other(word);
            }
            in.expect(')');
        }

        private void selected(boolean immediate) throws IOException {
            in.sp();
            var events = events();
            if (selected != null) {
                throw new BadCommand("the selected mailbox stands in one group");
            }
            if (events.beyondMessages()) {
                throw new BadCommand("of the selected mailbox messages are told");
            }
            if (events.messages() && !(events.arrivals() && events.expunges())) {
                throw new BadCommand("MessageNew goes with MessageExpunge, and FlagChange with both");
            }
            selected = new Selected(immediate, events, items);
        }

        private void other(String word) throws IOException {
            if (groups.size() == GROUPS) {
                throw new BadCommand("too many groups");
            }
            var named = Group.parse(in, word);
            in.sp();
            var events = events();
            if (!items.isEmpty()) {
                throw new BadCommand("messages are shown of the selected mailbox only");
            }
            groups.add(new Group(named.filter(), named.names(), events));
        }

        private Events events() throws IOException {
            items = List.of();
            if (in.peek() != '(') {
                if (!in.word().equals("NONE")) {
                    throw new BadCommand("expected NONE or a list of events");
                }
                return Events.NONE;
            }
            var found = new TreeSet<>(in.list(this::event));
            if (found.isEmpty()) {
                throw new BadCommand("expected an event");
            }
            // QUIRK: of mailboxes that are not selected MessageNew, MessageExpunge and FlagChange may be asked for alone, as imaptest does, and the
            // example of RFC 5465 §3.1 of MessageNew; Dovecot takes it. §5 wants them together, and BAD otherwise.
            return new Events(
                    found.contains("MESSAGENEW"),
                    found.contains("MESSAGEEXPUNGE"),
                    found.contains("FLAGCHANGE"),
                    found.contains("MAILBOXNAME"),
                    found.contains("SUBSCRIPTIONCHANGE"),
                    found.contains("MAILBOXMETADATACHANGE"),
                    found.contains("SERVERMETADATACHANGE"));
        }

        private String event() throws IOException {
            var word = in.word();
            switch (word) {
                case "MESSAGENEW" -> {
                    if (in.looksAt(" (")) {
                        in.sp();
                        items = FetchItem.parse(in);
                    }
                }
                case "MESSAGEEXPUNGE",
                        "FLAGCHANGE",
                        "MAILBOXNAME",
                        "SUBSCRIPTIONCHANGE",
                        "MAILBOXMETADATACHANGE",
                        "SERVERMETADATACHANGE" -> {}
                default -> unknown = true;
            }
            return word;
        }
    }
}
