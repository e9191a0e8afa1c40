package org.pintail.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvRecordTest {
    private static List<List<String>> read(String text) throws IOException {
        var records = new ArrayList<List<String>>();
        var in = new BufferedReader(new StringReader(text));
        var fields = new ArrayList<String>();
        while (CsvRecord.read(in, fields)) {
            records.add(List.copyOf(fields));
        }
        return records;
    }

    @Test
    void anUnclosedQuoteDoesNotSwallowTheMemory() {
        assertThatThrownBy(() -> read("a,\"" + "x".repeat(100_000)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("quote");
    }

    @Test
    void quotesCommasAndLineBreaksInsideQuotesBelongToTheField() throws IOException {
        assertThat(read("a,\"b \"\"c\"\", d\r\ne\",f\r\n\r\ng,,\n"))
                .containsExactly(List.of("a", "b \"c\", d\r\ne".replace("\r", "\r"), "f"), List.of("g", "", ""));
    }
}
