package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pintail.backend.AccountId;
import org.pintail.backend.MessageId;
import org.pintail.backend.ObjectId;
import org.pintail.backend.TestClock;
import org.pintail.backend.Threading.Newcomer;
import org.pintail.backend.memory.MemoryStore;

class ThreadsTest {
    private final TestClock clock = new TestClock();
    private final Threads threads = new Threads(new MemoryStore(clock).documents(), clock);
    private final AccountId ann = AccountId.next();
    private final AccountId bob = AccountId.next();

    private static Newcomer newcomer(AccountId account, String subject, String own, String... others) {
        var clues = Threads.clues(subject, own, List.of(others), "", "");
        return new Newcomer(account, MessageId.next(), Threads.expected(account, clues), clues);
    }

    private ObjectId thread(AccountId account, String subject, String own, String... others) {
        return threads.find(account, Threads.clues(subject, own, List.of(others), "", ""));
    }

    @Test
    void anAnswerComesToTheThreadOfWhatItAnswers() {
        var first = thread(ann, "Lunch", "<1@a>");
        assertThat(thread(ann, "Re: Lunch", "<2@a>", "<1@a>")).isEqualTo(first);
        assertThat(thread(ann, "AW: Lunch", "<3@a>", "<1@a>")).as("another subject").isNotEqualTo(first);
        assertThat(thread(ann, "Re: Lunch", "<4@a>", "<2@a>")).as("names only the answer").isEqualTo(first);
        assertThat(thread(bob, "Re: Lunch", "<4@a>", "<2@a>")).as("another account").isNotEqualTo(first);
    }

    @Test
    void anAnswerThatCameFirstHasTheThreadAlready() {
        var answer = thread(ann, "Re: Lunch", "<2@a>", "<1@a>");
        assertThat(thread(ann, "Lunch", "<1@a>")).isEqualTo(answer);
    }

    /// Several at once are as one after the other, more than one look takes as well.
    @Test
    void anAnswerAnswersWhatComesTogetherWithIt() {
        var some = new java.util.ArrayList<Newcomer>();
        for (int i = 0; i < 20; i++) {
            some.add(newcomer(ann, "Lunch", "<" + i + "@a>", "<" + (i - 1) + "@a>"));
            some.add(newcomer(bob, "Lunch", "<" + i + "@a>"));
        }
        var moved = threads.find(some);
        var all = some.stream().filter(n -> n.account().equals(ann)).map(n -> moved.getOrDefault(n.message(), n.thread())).distinct().toList();
        assertThat(all).containsExactly(some.getFirst().thread());
        assertThat(some.stream().filter(n -> n.account().equals(bob))).as("begin threads of their own").allMatch(n -> !moved.containsKey(n.message()));
    }

    @Test
    void messagesThatSayNothingStayAlone() {
        var one = newcomer(ann, "", "");
        var two = newcomer(ann, "", "");
        assertThat(one.thread()).isNotEqualTo(two.thread());
        assertThat(threads.find(List.of(one, two))).isEmpty();
    }
}
