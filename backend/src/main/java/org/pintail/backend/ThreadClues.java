package org.pintail.backend;

import java.util.List;

/// What a message says about its conversation: its subject without what answering puts around it, its own Message-ID ("" if it has none), and
/// what it refers to, oldest first.
public record ThreadClues(String subject, String own, List<String> others) {
    public ThreadClues {
        others = List.copyOf(others);
    }
}
