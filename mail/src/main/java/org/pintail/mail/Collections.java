package org.pintail.mail;

import java.util.List;
import org.pintail.backend.Collection;
import org.pintail.backend.Collection.Index;
import org.pintail.backend.DocumentJobs;

/// The collections of documents the suite keeps, with the indexes it queries them by (names and fields of the data model).
public final class Collections {
    public static final Collection USERS = new Collection(
            "users",
            List.of(
                    Index.unique("users_dotless", "unameview"),
                    Index.on("users", "username"),
                    Index.on("users_tags", "tagsview")));
    public static final Collection DELETED_USERS =
            new Collection("deletedusers", List.of(Index.on("deletedusers_dotless", "unameview")));
    public static final Collection ADDRESSES = new Collection(
            "addresses",
            List.of(
                    Index.unique("address_dotless", "addrview"),
                    Index.on("address_paging", "addrview"),
                    Index.on("address_tags", "tagsview"),
                    Index.on("user", "user")));
    public static final Collection DOMAIN_ALIASES = new Collection(
            "domainaliases", List.of(Index.unique("domainalias", "alias"), Index.on("domainlist", "domain")));
    public static final Collection ASPS =
            new Collection("asps", List.of(Index.on("asps_user", "user"), Index.expiry("expires")));
    public static final Collection AUTH_LOG = new Collection(
            "authlog",
            List.of(Index.on("user", "user"), Index.on("insert", "user", "created"), Index.expiry("expires")));
    public static final Collection SETTINGS = new Collection("settings", List.of(Index.unique("key_unique", "key")));
    public static final Collection THREADS = new Collection(
            "threads", List.of(Index.on("thread", "user", "ids"), Index.expiry("expires")));
    public static final Collection JOBS = DocumentJobs.JOBS;
    public static final Collection TOKENS =
            new Collection("tokens", List.of(Index.unique("hash", "hash"), Index.on("user", "user"), Index.expiry("expires")));

    /// Files uploaded for drafts (GridFS `storage`): metadata and content in one document.
    public static final Collection FILES = new Collection("storage", List.of(Index.on("user_files", "user", "filename")));

    public static final Collection AUTOREPLIES = new Collection("autoreplies", List.of(Index.on("autoreply", "user")));

    public static final Collection FILTERS = new Collection("filters", List.of(Index.on("user", "user")));

    /// Domains that mail to the accounts with a tag is taken from or not.
    public static final Collection DOMAIN_ACCESS = new Collection(
            "domainaccess",
            List.of(Index.on("by_tag", "tagview", "action", "domain"), Index.unique("domain_once", "tagview", "domain")));
    /// Who an account has written to or heard from.
    public static final Collection ADDRESS_REGISTER = new Collection(
            "addressregister", List.of(Index.on("by_address", "user", "addrview"), Index.on("recent", "user", "updated")));

    public static final Collection DKIM =
            new Collection("dkim", List.of(Index.on("dkim_paging", "domain"), Index.unique("dkim_primary", "domain")));

    /// Logos and mark certificates of other domains, as they were fetched.
    public static final Collection BIMI = new Collection("bimi", List.of(Index.unique("by_type", "type", "url")));

    /// What DMARC said of received mail, for reports.
    public static final Collection DMARC_RESULTS =
            new Collection("dmarcresults", List.of(Index.unique("row", "day", "domain", "key"), Index.expiry("expires")));

    /// MTA-STS policies of other domains.
    public static final Collection STS_POLICIES =
            new Collection("stspolicies", List.of(Index.unique("domain", "domain"), Index.expiry("expires")));

    /// TLS sessions with hosts of other domains, for reports.
    public static final Collection TLS_RESULTS =
            new Collection("tlsresults", List.of(Index.unique("policy", "day", "domain", "key"), Index.expiry("expires")));

    /// Reports that were sent, `key` is kind, day and domain: each goes out once, whatever node is first.
    public static final Collection SENT_REPORTS =
            new Collection("sentreports", List.of(Index.unique("key", "key"), Index.expiry("expires")));

    /// Reports about our domains that others sent.
    public static final Collection RECEIVED_REPORTS = new Collection(
            "receivedreports",
            List.of(Index.unique("once", "kind", "organization", "reportId"), Index.on("received", "received"), Index.expiry("expires")));

    /// Who else may do what with a mailbox; under the mailbox's id.
    public static final Collection SHARES = new Collection("shares", List.of(Index.on("user", "user"), Index.on("who", "who")));

    /// Subscribed names that are no mailboxes of the account.
    public static final Collection SUBSCRIPTIONS = new Collection("subscriptions", List.of(Index.unique("name", "user", "path")));

    /// What clients note about mailboxes.
    public static final Collection ANNOTATIONS =
            new Collection("annotations", List.of(Index.unique("place", "place", "reader"), Index.on("user", "user")));

    /// Devices to be woken when messages come.
    public static final Collection PUSH_DEVICES = new Collection(
            "pushdevices",
            List.of(
                    Index.unique("device", "user", "token", "accountId"),
                    Index.on("renewed", "user", "updated"),
                    Index.on("mailbox", "mailboxes"),
                    Index.expiry("expires")));

    private Collections() {}

    /// Every kind there is.
    public static List<Collection> all() {
        return List.of(
                USERS,
                DELETED_USERS,
                ADDRESSES,
                DOMAIN_ALIASES,
                ASPS,
                AUTH_LOG,
                SETTINGS,
                THREADS,
                JOBS,
                TOKENS,
                FILES,
                AUTOREPLIES,
                FILTERS,
                DOMAIN_ACCESS,
                ADDRESS_REGISTER,
                DKIM,
                BIMI,
                DMARC_RESULTS,
                STS_POLICIES,
                TLS_RESULTS,
                SENT_REPORTS,
                RECEIVED_REPORTS,
                SHARES,
                SUBSCRIPTIONS,
                ANNOTATIONS,
                PUSH_DEVICES);
    }
}
