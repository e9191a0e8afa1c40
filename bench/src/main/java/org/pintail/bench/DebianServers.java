package org.pintail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Postfix in front of Dovecot (LMTP, IMAP, SASL), as Debian packages them. What only a network or a log would slow down is off:
/// no DNS, no syslog, no waiting between arrival and delivery, plain passwords. Dovecot is tuned as its manual tells: processes wait for clients and
/// serve many of them, those of the login all that come; a session in IDLE looks for news every second and is told at once, and hibernates.
final class DebianServers implements Peer {
    private final Path queue;
    private final Process postfix;
    private final Process dovecot;
    private final int mx;
    private final int submission;
    private final int imap;
    private final int imaps;

    private DebianServers(Path queue, Process postfix, Process dovecot, int mx, int submission, int imap, int imaps) {
        this.queue = queue;
        this.postfix = postfix;
        this.dovecot = dovecot;
        this.mx = mx;
        this.submission = submission;
        this.imap = imap;
        this.imaps = imaps;
    }

    /// Where Dovecot keeps messages.
    enum Format {
        MAILDIR,
        SDBOX
    }

    static DebianServers start(Path directory, int sinkPort) throws IOException {
        return start(directory, sinkPort, Format.MAILDIR);
    }

    static DebianServers start(Path directory, int sinkPort, Format format) throws IOException {
        int imap = Ports.free();
        int imaps = Ports.free();
        int mx = Ports.free();
        int submission = Ports.free();
        var dovecot = dovecot(directory, imap, imaps, format);
        Ports.awaitListener(imap);
        var postfix = postfix(directory, mx, submission, sinkPort);
        Ports.awaitListener(mx);
        return new DebianServers(directory.resolve("postfix/queue"), postfix, dovecot, mx, submission, imap, imaps);
    }

    private static Process dovecot(Path directory, int imap, int imaps, Format format) throws IOException {
        var mail = Files.createDirectory(directory.resolve("mail"));
        Tool.run(directory.resolve("setup.log"), List.of("chown", "mail:mail", mail.toString()));
        Tool.run(directory.resolve("setup.log"), List.of(
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                "-keyout", directory.resolve("key.pem").toString(), "-out", directory.resolve("certificate.pem").toString()));
        var file = directory.resolve("dovecot.conf");
        Files.writeString(file, """
                protocols = imap lmtp
                listen = 127.0.0.1
                base_dir = %1$s/dovecot
                log_path = %1$s/dovecot.log
                ssl = yes
                ssl_cert = <%1$s/certificate.pem
                ssl_key = <%1$s/key.pem
                disable_plaintext_auth = no
                first_valid_uid = 1
                mail_location = %4$s:%1$s/mail/%%n
                mail_max_userip_connections = 20000
                passdb {
                  driver = static
                  args = password=%2$s
                }
                userdb {
                  driver = static
                  args = uid=mail gid=mail home=%1$s/mail/%%n allow_all_users=yes
                }
                default_process_limit = 6000
                default_client_limit = 20000
                service imap-login {
                  service_count = 0
                  process_min_avail = 2
                  inet_listener imap {
                    port = %3$d
                  }
                  inet_listener imaps {
                    port = %5$d
                    ssl = yes
                  }
                }
                service imap {
                  service_count = 1000
                  process_min_avail = 4
                  idle_kill = 5s
                  unix_listener imap-master {
                    user = $default_internal_user
                  }
                }
                service imap-hibernate {
                  unix_listener imap-hibernate {
                    user = mail
                    mode = 0666
                  }
                }
                imap_hibernate_timeout = 5s
                mailbox_idle_check_interval = 1s
                service lmtp {
                  unix_listener lmtp {
                    mode = 0666
                  }
                }
                service auth {
                  unix_listener auth-postfix {
                    mode = 0666
                  }
                }
                """.formatted(directory, PASSWORD, imap, format.name().toLowerCase(Locale.ROOT), imaps));
        return Tool.start(directory.resolve("dovecot.out"), List.of("/usr/sbin/dovecot", "-F", "-c", file.toString()));
    }

    private static Process postfix(Path directory, int mx, int submission, int sinkPort) throws IOException {
        var home = Files.createDirectory(directory.resolve("postfix"));
        for (var name : List.of("etc", "queue", "data")) {
            var made = Files.createDirectory(home.resolve(name));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Tool.run(directory.resolve("setup.log"), List.of("chown", "postfix", home.resolve("data").toString()));
        Files.writeString(home.resolve("etc/main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/postfix/queue
                data_directory = %1$s/postfix/data
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                meta_directory = /etc/postfix
                mail_owner = postfix
                setgid_group = postdrop
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mx.bench.test
                mydestination =
                mynetworks = 192.0.2.1/32
                alias_maps =
                alias_database =
                local_recipient_maps =
                virtual_mailbox_domains = %2$s
                virtual_mailbox_maps = static:OK
                virtual_transport = lmtp:unix:%1$s/dovecot/lmtp
                relayhost = [127.0.0.1]:%3$d
                disable_dns_lookups = yes
                smtp_host_lookup = native
                smtpd_peername_lookup = no
                smtpd_client_connection_count_limit = 0
                smtpd_client_connection_rate_limit = 0
                smtpd_sasl_type = dovecot
                smtpd_sasl_path = unix:%1$s/dovecot/auth-postfix
                smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
                in_flow_delay = 0
                message_size_limit = 25000000
                biff = no
                """.formatted(directory, DOMAIN, sinkPort));
        Files.writeString(home.resolve("etc/master.cf"), """
                127.0.0.1:%1$d inet n - n - - smtpd
                127.0.0.1:%2$d inet n - n - - smtpd
                  -o smtpd_sasl_auth_enable=yes
                  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
                cleanup   unix  n - n - 0 cleanup
                qmgr      unix  n - n 300 1 qmgr
                rewrite   unix  - - n - - trivial-rewrite
                bounce    unix  - - n - 0 bounce
                defer     unix  - - n - 0 bounce
                trace     unix  - - n - 0 bounce
                verify    unix  - - n - 1 verify
                flush     unix  n - n 1000? 0 flush
                proxymap  unix  - - n - - proxymap
                proxywrite unix - - n - 1 proxymap
                smtp      unix  - - n - - smtp
                relay     unix  - - n - - smtp
                error     unix  - - n - - error
                retry     unix  - - n - - error
                discard   unix  - - n - - discard
                lmtp      unix  - - n - - lmtp
                anvil     unix  - - n - 1 anvil
                scache    unix  - - n - 1 scache
                """.formatted(mx, submission));
        var etc = home.resolve("etc").toString();
        Tool.run(directory.resolve("setup.log"), List.of("/usr/sbin/postfix", "-c", etc, "check"));
        return Tool.start(directory.resolve("postfix.out"), List.of("/usr/lib/postfix/sbin/master", "-c", etc, "-d"));
    }

    @Override
    public String name() {
        return "Postfix + Dovecot";
    }

    @Override
    public ProcessTree processes() {
        return ProcessTree.of(postfix, dovecot);
    }

    ProcessTree dovecot() {
        return ProcessTree.of(dovecot);
    }

    @Override
    public int mxPort() {
        return mx;
    }

    @Override
    public int submissionPort() {
        return submission;
    }

    @Override
    public int imapPort() {
        return imap;
    }

    @Override
    public int imapsPort() {
        return imaps;
    }

    /// Postfix removes a message from its queue when Dovecot, or the sink, has it.
    @Override
    public void awaitDelivered() throws IOException {
        for (var name : List.of("incoming", "active")) {
            while (holdsFiles(queue.resolve(name))) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        if (holdsFiles(queue.resolve("active")) || holdsFiles(queue.resolve("incoming"))) {
            awaitDelivered();
        }
        try (var files = Files.walk(queue.resolve("deferred"))) {
            if (files.anyMatch(Files::isRegularFile)) {
                throw new IOException("Postfix could not deliver everything; see " + queue.resolve("deferred"));
            }
        }
    }

    private static boolean holdsFiles(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory)) {
            return files.iterator().hasNext();
        }
    }

    @Override
    public void close() {
        Tool.end(postfix);
        Tool.end(dovecot);
    }
}
