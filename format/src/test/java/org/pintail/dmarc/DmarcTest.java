package org.pintail.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pintail.dns.FakeDns;
import org.pintail.header.Headers;

class DmarcTest {
    private static final Dmarc.Proved NOTHING = new Dmarc.Proved(Optional.empty(), List.of());
    private final FakeDns dns = new FakeDns();

    private DmarcVerdict verdict(boolean treeWalk, String from, Dmarc.Proved proved) {
        var headers = Headers.parse(("From: " + from + "\r\n").getBytes(StandardCharsets.UTF_8));
        return new Dmarc(dns, treeWalk, () -> 50).evaluate(headers, proved);
    }

    private static Dmarc.Proved dkim(String... domains) {
        return new Dmarc.Proved(Optional.empty(), List.of(domains));
    }

    /// A record, and what is read from it: `-` is no record at all.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=DMARC1; p=reject                              | reject
            v=DMARC1;p=REJECT                               | reject
            v = DMARC1 ; p = quarantine ;                   | quarantine
            v=DMARC1; p=none; p=reject                      | none
            v=dmarc1; p=reject                              | -
            V=DMARC1; p=reject                              | -
            v=DMARC1                                        | -
            v=DMARC1; p=nonsense                            | -
            v=DMARC1; p=nonsense; rua=mailto:a@example.com  | none
            v=DMARC1; rua=mailto:a@example.com              | none
            v=DMARC1; sp=reject; ;;x=1; p=quarantine        | quarantine
            p=reject; v=DMARC1                              | -
            v=DMARC10; p=reject                             | -
            v=DMARC1, p=reject                              | -
            """)
    void records(String text, String policy) {
        assertThat(DmarcRecord.parse(text).map(r -> r.policy().word()).orElse("-")).isEqualTo(policy);
    }

    @Test
    void tagsAreReadAndNonsenseStandsForNothing() {
        var record = DmarcRecord.parse("v=DMARC1; p=reject; sp=none; np=quarantine; adkim=S; aspf=s; pct=30; t=y; psd=n; fo=1:d; rua=mailto:a@x.example!10m, ftp://x , https://r.example/; ruf=mailto:f@x.example").orElseThrow();
        assertThat(record).isEqualTo(new DmarcRecord(
                DmarcPolicy.REJECT, Optional.of(DmarcPolicy.NONE), Optional.of(DmarcPolicy.QUARANTINE), true, true, 30, true, 'n',
                List.of("mailto:a@x.example!10m", "https://r.example/"), List.of("mailto:f@x.example"), "1:d"));
        assertThat(DmarcRecord.parse("v=DMARC1; p=reject; pct=101; adkim=x; psd=?").orElseThrow().percent()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com", "a.b.example.com, example.com", "example.co.uk, example.co.uk", "a.example.co.uk, example.co.uk",
        "co.uk, co.uk", "me.github.io, me.github.io", "x.me.github.io, me.github.io", "com, com", "a.b.unknowntld, b.unknowntld",
        "www.city.kawasaki.jp, city.kawasaki.jp", "a.b.ck, a.b.ck", "www.ck, www.ck", "x.www.ck, www.ck", "xn--85x722f.xn--55qx5d.cn, xn--85x722f.xn--55qx5d.cn",
        "not_a.name.example.com, example.com", "1.2.3.4, 1.2.3.4"
    })
    void organizationalDomainsByTheList(String domain, String organizational) {
        assertThat(PublicSuffixes.organizationalDomain(domain)).isEqualTo(organizational);
    }

    @Test
    void siblingsUnderAPublicSuffixAreStrangers() {
        dns.txt("_dmarc.a.co.uk", "v=DMARC1; p=reject");
        assertThat(verdict(false, "x@a.co.uk", dkim("b.co.uk", "co.uk")).result()).isEqualTo(DmarcVerdict.Result.FAIL);
        assertThat(verdict(false, "x@a.co.uk", dkim("mail.a.co.uk")).result()).isEqualTo(DmarcVerdict.Result.PASS);
    }

    @Test
    void aNameThatDoesNotExistHasAPolicyOfItsOwn() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject").address("here.example.com", "192.0.2.1");
        assertThat(verdict(false, "x@here.example.com", NOTHING).requested()).isEqualTo(DmarcPolicy.QUARANTINE);
        assertThat(verdict(false, "x@nowhere.example.com", NOTHING).requested()).isEqualTo(DmarcPolicy.REJECT);
        assertThat(verdict(false, "x@example.com", NOTHING).requested()).isEqualTo(DmarcPolicy.NONE);
    }

    /// RFC 9989 §4.10: from a.b.c.d.e.f.g.h.i.j.example.com straight to seven labels.
    @Test
    void theTreeWalkAsksEightTimesAtMost() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
        var verdict = verdict(true, "x@a.b.c.d.e.f.g.h.i.j.example.com", NOTHING);
        assertThat(verdict.published().orElseThrow().domain()).isEqualTo("example.com");
        assertThat(dns.asked()).containsExactly(
                "TXT _dmarc.a.b.c.d.e.f.g.h.i.j.example.com",
                "TXT _dmarc.f.g.h.i.j.example.com",
                "TXT _dmarc.g.h.i.j.example.com",
                "TXT _dmarc.h.i.j.example.com",
                "TXT _dmarc.i.j.example.com",
                "TXT _dmarc.j.example.com",
                "TXT _dmarc.example.com",
                "TXT _dmarc.com");
    }

    /// RFC 9989 §4.10.2: a record with psd=n ends the walk, one with psd=y says that the organisation is one label below.
    @Test
    void theTreeWalkObeysPsd() {
        dns.txt("_dmarc.example.bank", "v=DMARC1; p=quarantine").txt("_dmarc.bank", "v=DMARC1; p=reject; psd=y");
        assertThat(verdict(true, "x@a.example.bank", dkim("b.example.bank")).result()).isEqualTo(DmarcVerdict.Result.PASS);
        assertThat(verdict(true, "x@a.example.bank", dkim("other.bank")).result()).isEqualTo(DmarcVerdict.Result.FAIL);
        assertThat(verdict(true, "x@unlisted.bank", NOTHING)).satisfies(v -> {
            assertThat(v.published().orElseThrow().domain()).isEqualTo("bank");
            assertThat(v.requested()).isEqualTo(DmarcPolicy.REJECT);
        });
        dns.txt("_dmarc.team.example.org", "v=DMARC1; p=reject; psd=n").txt("_dmarc.example.org", "v=DMARC1; p=none");
        assertThat(verdict(true, "x@a.team.example.org", dkim("example.org")).result()).isEqualTo(DmarcVerdict.Result.FAIL);
        assertThat(verdict(true, "x@a.team.example.org", dkim("b.team.example.org")).result()).isEqualTo(DmarcVerdict.Result.PASS);
    }

    @Test
    void manyAuthorsAreAnError() {
        assertThat(verdict(false, "a@1.example, a@2.example, a@3.example, a@4.example, a@5.example, a@6.example", NOTHING).result())
                .isEqualTo(DmarcVerdict.Result.PERMERROR);
        assertThat(dns.asked()).isEmpty();
        assertThat(verdict(false, "undisclosed:;", NOTHING).result()).isEqualTo(DmarcVerdict.Result.PERMERROR);
        assertThat(verdict(false, "a@[192.0.2.1]", NOTHING).result()).isEqualTo(DmarcVerdict.Result.PERMERROR);
    }
}
