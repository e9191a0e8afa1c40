package org.pintail.bench;

import java.util.Collections;
import java.util.List;

/// A Markdown table, printed row by row as it is measured.
final class Table {
    Table(String title, String... columns) {
        System.out.println("### " + title + "\n");
        row(columns);
        System.out.println("|" + String.join("|", Collections.nCopies(columns.length, "---")) + "|");
    }

    void row(String... cells) {
        System.out.println("| " + String.join(" | ", List.of(cells)) + " |");
    }

    void end(String... notes) {
        System.out.println();
        for (var note : notes) {
            System.out.println(note + "\n");
        }
    }
}
