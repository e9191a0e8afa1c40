package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "$9$x$y",
                "$pbkdf2-sha512$i=0$AAAA$AAAA",
                "$pbkdf2-sha512$i=99999999999$AAAA$AAAA",
                "$pbkdf2-md5$i=1000$AAAA$AAAA",
                "$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
                "$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$6$rounds=999999999$salt$x",
                "$1$salt",
                "$5$"
            })
    void refusesWhatIsNoHashOrAsksForTooMuchWork(String hash) {
        assertThat(PasswordHash.isSupported(hash)).isFalse();
        assertThat(PasswordHash.verify("password", hash)).isFalse();
    }

    /// Vectors: RFC 6070 (PBKDF2), Drepper's specification (sha-crypt), the bcrypt and Argon2 reference implementations, crypt(3).
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password|$pbkdf2-sha1$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE",
                "Hello world!|$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                "Hello world!|$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
                "Hello world!|$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
                "a very much longer text to encrypt.  This one even stretches over morethan one line.|$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1",
                "U*U|$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "password|$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "rasmuslerdorf|rl.3StKT.4T8M",
                "foob|arlEKn0OzVJn.",
                "secret number nine|$1$abcdefgh$z8NsffEKWn0kIC4yHIlur0",
                "rasmuslerdorf|$1$rasmusle$rISCgZzpwk3UhDidwXvin0"
            })
    void verifiesPublishedVectors(String password, String hash) {
        assertThat(PasswordHash.isSupported(hash)).isTrue();
        assertThat(PasswordHash.verify(password, hash)).isTrue();
        assertThat(PasswordHash.verify("x" + password, hash)).isFalse();
    }

    @Test
    void theHashOfNothingIsOneToCheckAndNoPasswords() {
        var nothing = PasswordHash.ofNothing(new java.security.SecureRandom());
        assertThat(PasswordHash.isSupported(nothing)).isTrue();
        assertThat(nothing).hasSameSizeAs(PasswordHash.create("x", new java.security.SecureRandom()));
        assertThat(PasswordHash.verify("", nothing)).isFalse();
        assertThat(PasswordHash.verify("no such user", nothing)).isFalse();
    }

    @Test
    void aNewHashVerifiesAndIsUpToDate() {
        var hash = PasswordHash.create("pässword", new SecureRandom());
        assertThat(hash).startsWith("$pbkdf2-sha512$i=100000$").doesNotContain("=$").doesNotEndWith("=");
        assertThat(PasswordHash.verify("pässword", hash)).isTrue();
        assertThat(PasswordHash.verify("password", hash)).isFalse();
        assertThat(PasswordHash.isOutdated(hash)).isFalse();
        assertThat(PasswordHash.isOutdated("rl.3StKT.4T8M")).isTrue();
    }
}
