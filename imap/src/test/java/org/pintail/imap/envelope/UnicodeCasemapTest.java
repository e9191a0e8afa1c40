package org.pintail.imap.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// RFC 5051.
class UnicodeCasemapTest {
    private static int compare(String a, String b) {
        return UnicodeCasemap.compare(UnicodeCasemap.key(a), UnicodeCasemap.key(b));
    }

    @Test
    void caseMakesNoDifference() {
        assertThat(compare("straße", "STRAßE")).isZero();
        assertThat(compare("Ωmega", "ωMEGA")).isZero();
    }

    @Test
    void composedAndDecomposedAreTheSame() {
        assertThat(compare("\u00e9", "e\u0301")).isZero();
    }

    @Test
    void digraphsAreTitlecased() {
        assertThat(UnicodeCasemap.key("\u01c6")).isEqualTo("D\u007a\u030c");
    }

    @Test
    void orderIsThatOfCodePoints() {
        assertThat(compare("\ud83d\ude00", "\uff5e")).isPositive();
        assertThat(compare("\uff5e", "\ud83d\ude00")).isNegative();
        assertThat(compare("a", "B")).isNegative();
        assertThat(compare("a", "aa")).isNegative();
    }
}
