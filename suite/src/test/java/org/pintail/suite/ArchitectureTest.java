package org.pintail.suite;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Who may know whom. The modules forbid most of it already; this holds the packages to it.
class ArchitectureTest {
    private static JavaClasses classes(String within) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(within);
    }

    @Test
    void everyLayerKnowsOnlyThoseBelowIt() {
        var classes = classes("org.pintail");
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.pintail..")
                .layer("format")
                .definedBy(
                        "org.pintail.mime..",
                        "org.pintail.header..",
                        "org.pintail.address..",
                        "org.pintail.query..",
                        "org.pintail.dns..",
                        "org.pintail.spf..",
                        "org.pintail.dkim..",
                        "org.pintail.dmarc..",
                        "org.pintail.arc..",
                        "org.pintail.auth..",
                        "org.pintail.authres..",
                        "org.pintail.srs..",
                        "org.pintail.certificate..",
                        "org.pintail.mtasts..",
                        "org.pintail.tlsrpt..",
                        "org.pintail.dmarcrpt..",
                        "org.pintail.bimi..")
                .layer("backend")
                .definedBy("org.pintail.backend..")
                .layer("rocksdb")
                .definedBy("org.pintail.rocksdb..")
                .layer("redis")
                .definedBy("org.pintail.redis..")
                .layer("mongodb")
                .definedBy("org.pintail.mongodb..")
                .layer("mail")
                .definedBy("org.pintail.mail..")
                .layer("protocol")
                .definedBy("org.pintail.net..", "org.pintail.resolver..", "org.pintail.fetch..", "org.pintail.sasl..", "org.pintail.smtp..", "org.pintail.lmtp..", "org.pintail.pop3..", "org.pintail.push..")
                .layer("imap")
                .definedBy("org.pintail.imap..")
                .layer("mx")
                .definedBy("org.pintail.mx..")
                .layer("mta")
                .definedBy("org.pintail.mta..")
                .layer("api")
                .definedBy("org.pintail.api..")
                .layer("suite")
                .definedBy("org.pintail.suite..")
                .whereLayer("suite")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("rocksdb")
                .mayOnlyBeAccessedByLayers("suite")
                .whereLayer("mongodb")
                .mayOnlyBeAccessedByLayers("suite")
                .whereLayer("redis")
                .mayOnlyBeAccessedByLayers("suite")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("suite")
                .whereLayer("mx")
                .mayOnlyBeAccessedByLayers("suite")
                .whereLayer("mta")
                .mayOnlyBeAccessedByLayers("suite", "api")
                .whereLayer("imap")
                .mayOnlyBeAccessedByLayers("suite")
                .whereLayer("protocol")
                .mayOnlyBeAccessedByLayers("imap", "mx", "mta", "api", "suite")
                .whereLayer("mail")
                .mayOnlyBeAccessedByLayers("protocol", "imap", "mx", "mta", "api", "suite")
                .check(classes);
        slices().matching("org.pintail.(*)..").should().beFreeOfCycles().check(classes);
    }

    /// Those of one rank do not know each other either.
    @Test
    void whatImapIsMadeOfKnowsNoCommands() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.pintail.imap..")
                .layer("wire")
                .definedBy("org.pintail.imap.wire..")
                .layer("view")
                .definedBy("org.pintail.imap.view..")
                .layer("envelope")
                .definedBy("org.pintail.imap.envelope..")
                .layer("order")
                .definedBy("org.pintail.imap.order..")
                .layer("search")
                .definedBy("org.pintail.imap.search..")
                .layer("server")
                .definedBy("org.pintail.imap")
                .whereLayer("server")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("search")
                .mayOnlyBeAccessedByLayers("server")
                .whereLayer("order")
                .mayOnlyBeAccessedByLayers("server")
                .whereLayer("envelope")
                .mayOnlyBeAccessedByLayers("order", "search", "server")
                .whereLayer("view")
                .mayOnlyBeAccessedByLayers("order", "search", "server")
                .ensureAllClassesAreContainedInArchitecture()
                .check(classes("org.pintail.imap"));
    }
}
