package org.pintail.mail;

import java.time.Clock;
import org.pintail.backend.Store;

/// The parts of this package over one store, built once at start.
public final class Mail {
    private final Lookups lookups;
    private final Store store;
    private final MailSettings settings;
    private final Clock clock;
    private final Accounts accounts;
    private final Addresses addresses;
    private final Authentication authentication;
    private final AuthLog authLog;
    private final Folders folders;
    private final Mailstore mailstore;
    private final Delivery delivery;
    private final AddressRegister addressRegister;
    private final Settings stored;
    private final Health health;
    private final Filters filters;
    private final Sharing sharing;
    private final Subscriptions subscriptions;
    private final Annotations annotations;
    private final Handover handover;
    private final PushDevices pushDevices;

    public Mail(Store engine, MailSettings settings, Clock clock) {
        this.lookups = new Lookups(engine.documents(), engine.cluster(), clock);
        this.store = new ToldStore(engine, new ToldDocuments(engine.documents(), lookups));
        this.settings = settings;
        this.clock = clock;
        this.addresses = new Addresses(store.documents(), clock);
        this.sharing = new Sharing(store);
        this.subscriptions = new Subscriptions(store.documents());
        this.annotations = new Annotations(store);
        this.folders = new Folders(store, settings, annotations);
        var hashing = new Hashing();
        this.authLog = new AuthLog(store.documents(), settings.authLogTime(), clock);
        this.accounts = new Accounts(store, addresses, folders, sharing, settings, hashing, clock);
        this.authentication =
                new Authentication(store, accounts, lookups, authLog, settings, hashing, clock);
        this.mailstore = new Mailstore(store, accounts, folders, settings, clock);
        this.handover = new Handover(store, mailstore, clock);
        this.pushDevices = new PushDevices(store.documents(), clock);
        this.addressRegister = new AddressRegister(store.documents(), clock);
        this.stored = new Settings(store, settings, clock);
        this.health = new Health(store, clock);
        this.filters = new Filters(store.documents());
        var sorting = new Sorting(store.documents(), lookups, folders);
        this.delivery = new Delivery(folders, mailstore, sorting, new Forwarding(store.counters(), stored), clock);
    }

    /// For deliveries and limits.
    public Lookups lookups() {
        return lookups;
    }

    public Store store() {
        return store;
    }

    public MailSettings settings() {
        return settings;
    }

    public Clock clock() {
        return clock;
    }

    public Accounts accounts() {
        return accounts;
    }

    public Addresses addresses() {
        return addresses;
    }

    public Authentication authentication() {
        return authentication;
    }

    public AuthLog authLog() {
        return authLog;
    }

    public Folders folders() {
        return folders;
    }

    public Mailstore mailstore() {
        return mailstore;
    }

    public Delivery delivery() {
        return delivery;
    }

    public Filters filters() {
        return filters;
    }

    /// Mailboxes that others may use.
    public Sharing sharing() {
        return sharing;
    }

    /// Messages from one account to another.
    public Handover handover() {
        return handover;
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /// Devices to be woken when messages come.
    public PushDevices pushDevices() {
        return pushDevices;
    }

    public Annotations annotations() {
        return annotations;
    }

    public AddressRegister addressRegister() {
        return addressRegister;
    }

    /// Settings that can be changed at run time.
    public Settings stored() {
        return stored;
    }

    public Health health() {
        return health;
    }
}
