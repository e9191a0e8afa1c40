package org.pintail.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Collection.Index;
import org.pintail.backend.Documents.Place;

/// What every [Documents] promises.
public interface DocumentsContract extends EngineUnderTest {
    Collection THINGS = new Collection(
            "things",
            List.of(
                    Index.unique("name", "name"),
                    Index.unique("pair", "owner", "label"),
                    Index.on("by_owner", "owner", "rank"),
                    Index.on("by_user", "user", "rank"),
                    Index.on("tags", "tags"),
                    Index.on("deep", "meta.a.b"),
                    Index.expiry("expires")));

    private Documents documents() {
        return store().documents();
    }

    private Document insert(@Nullable Object... namesAndValues) {
        var d = Document.of("_id", ObjectId.next()).with(Document.of(namesAndValues));
        documents().insert(THINGS, d);
        return d;
    }

    private static List<String> names(List<Document> documents) {
        return documents.stream().map(d -> d.string("name", "-")).toList();
    }

    private List<Document> list(String index, List<? extends @Nullable Object> prefix) {
        return documents().list(THINGS, index, prefix, null, true, 100);
    }

    @Test
    default void aUniqueKeyIsTakenOnce() {
        var first = insert("name", "a");
        assertThatThrownBy(() -> insert("name", "a"))
                .isInstanceOfSatisfying(StoreException.Duplicate.class, e -> assertThat(e.index()).isEqualTo("name"));
        assertThatThrownBy(() -> documents().insert(THINGS, Document.of("_id", first.id(), "name", "z")))
                .isInstanceOf(StoreException.Duplicate.class);
        var second = insert("name", "b");
        assertThatThrownBy(() -> documents().update(THINGS, second.id(), d -> d.with("name", "a")))
                .isInstanceOf(StoreException.Duplicate.class);
        assertThat(documents().find(THINGS, second.id())).contains(second);
        assertThat(documents().count(THINGS)).isEqualTo(2);
        documents().delete(THINGS, first.id());
        documents().update(THINGS, second.id(), d -> d.with("name", "a"));
        assertThat(documents().find(THINGS, "name", "a").orElseThrow().id()).isEqualTo(second.id());
        assertThat(documents().find(THINGS, "name", "b")).isEmpty();
    }

    @Test
    default void whatIsInsertedSoonIsFoundAtOnceAndLeavesWhatIsThere() {
        var user = ObjectId.next();
        var first = Document.of("_id", ObjectId.next(), "user", user, "rank", 1);
        documents().insertSoon(THINGS, first);
        assertThat(documents().list(THINGS, "by_user", List.of(user), null, true, 9)).containsExactly(first);
        documents().insertSoon(THINGS, first.with("rank", 2));
        assertThat(documents().find(THINGS, first.id())).contains(first);
        var second = Document.of("_id", ObjectId.next(), "user", user, "rank", 5);
        documents().insertSoon(THINGS, second);
        assertThat(documents().listAny(THINGS, "by_user", List.of(List.of(user), List.of(5, 6)), 9)).containsExactly(second);
        documents().insertSoon(THINGS, Document.of("_id", ObjectId.next(), "user", user, "rank", 6));
        assertThat(documents().count(THINGS)).isEqualTo(3);
        assertThat(documents().delete(THINGS, second.id())).isTrue();
        assertThat(documents().list(THINGS, null, true, 9)).hasSize(2);
    }

    @Test
    default void whatIsAmendedSoonIsFoundAtOnce() {
        var user = ObjectId.next();
        var document = Document.of("_id", ObjectId.next(), "user", user, "rank", 1);
        documents().amendSoon(THINGS, document, d -> d.with("rank", 9)); // is not there
        assertThat(documents().find(THINGS, document.id())).isEmpty();
        documents().insertSoon(THINGS, document);
        documents().amendSoon(THINGS, document, d -> d.with("rank", 2));
        documents().amendSoon(THINGS, document, d -> d.with("rank", d.number("rank") + 1));
        assertThat(documents().list(THINGS, "by_user", List.of(user), null, true, 9)).containsExactly(document.with("rank", 3L));
        documents().amendSoon(THINGS, document, d -> d.with("rank", 4));
        assertThat(documents().find(THINGS, document.id())).contains(document.with("rank", 4));
        documents().amendSoon(THINGS, document, d -> d.with("rank", 5));
        assertThat(documents().count(THINGS)).isEqualTo(1);
        assertThat(documents().delete(THINGS, document.id())).isTrue();
        documents().amendSoon(THINGS, document, d -> d.with("rank", 6));
        assertThat(documents().list(THINGS, null, true, 9)).isEmpty();
    }

    @Test
    default void documentsWithoutTheKeyDoNotCollideInAUniqueIndex() {
        insert("x", 1);
        insert("x", 2);
        insert("name", null);
        insert("owner", "o", "name", "n1");
        assertThatThrownBy(() -> insert("owner", "o", "name", "n2")).isInstanceOf(StoreException.Duplicate.class);
        insert("owner", "o", "label", "l");
        assertThatThrownBy(() -> insert("owner", "o", "label", "l")).isInstanceOf(StoreException.Duplicate.class);
        assertThat(list("name", List.of())).hasSize(1);
        assertThat(documents().find(THINGS, "name", (Object) null)).isEmpty();
    }

    @Test
    default void aUniquePairMayLackOneOfItsKeys() {
        var only = insert("owner", "a", "label", null);
        insert("owner", "a", "label", "x");
        assertThatThrownBy(() -> insert("owner", "a", "label", null)).isInstanceOf(StoreException.Duplicate.class);
        assertThat(list("pair", Arrays.asList("a", null))).containsExactly(only);
        assertThat(list("pair", List.of("a"))).hasSize(2);
    }

    @Test
    default void everyTypeOfValueComesBack() {
        var id = ObjectId.next();
        var d = Document.of(
                "_id", id, "null", null, "bool", true, "int", 1, "long", 1L << 40, "double", 1.5, "string", "äöü\u0000x",
                "instant", Instant.ofEpochMilli(1234567890123L), "id", ObjectId.next(),
                "bytes", Bytes.wrap(new byte[] {0, -1, 2}), "list", Arrays.asList(1, null, "x", Document.of("y", List.of())),
                "document", Document.of("b", 1, "a", Document.EMPTY));
        documents().insert(THINGS, d);
        var back = documents().find(THINGS, id).orElseThrow();
        assertThat(back).isEqualTo(d);
        assertThat(back.fields().keySet()).containsExactlyElementsOf(d.fields().keySet());
    }

    @Test
    default void whatIsNotThereIsEmpty() {
        assertThat(documents().find(THINGS, ObjectId.next())).isEmpty();
        assertThat(documents().update(THINGS, ObjectId.next(), d -> d)).isEmpty();
        assertThat(documents().delete(THINGS, ObjectId.next())).isFalse();
        assertThat(documents().count(THINGS)).isZero();
        assertThatThrownBy(() -> documents().find(THINGS, "no such index", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void indexesFollowUpdatesAndDeletes() {
        var d = insert("name", "a", "owner", "o", "rank", 1, "meta", Document.of("a", Document.of("b", "deep")));
        assertThat(documents().find(THINGS, "deep", "deep")).contains(d);
        documents().update(THINGS, d.id(), x -> x.with("owner", "p").without("meta"));
        assertThat(documents().find(THINGS, "deep", "deep")).isEmpty();
        assertThat(list("by_owner", List.of("o"))).isEmpty();
        assertThat(list("by_owner", List.of("p"))).hasSize(1);
        assertThat(documents().delete(THINGS, d.id())).isTrue();
        assertThat(list("by_owner", List.of("p"))).isEmpty();
        assertThat(documents().count(THINGS, "by_owner", List.of())).isZero();
    }

    /// A prefix is whole values: "o" is not a prefix of "oo".
    @Test
    default void aPrefixOfTheKeysFindsInOrder() {
        insert("name", "c", "owner", "o", "rank", 10, "label", 1);
        insert("name", "a", "owner", "o", "rank", 2L, "label", 2);
        insert("name", "b", "owner", "o", "rank", 2.5, "label", 3);
        insert("name", "z", "owner", "oo", "rank", 1, "label", 4);
        assertThat(names(list("by_owner", List.of("o")))).containsExactly("a", "b", "c");
        assertThat(names(list("by_owner", List.of()))).containsExactly("a", "b", "c", "z");
        assertThat(documents().count(THINGS, "by_owner", List.of("o"))).isEqualTo(3);
        assertThat(documents().find(THINGS, "by_owner", "o").orElseThrow().string("name")).contains("a");
        assertThat(documents().find(THINGS, "by_owner", "o", 10L).orElseThrow().string("name")).contains("c");
        assertThat(documents().find(THINGS, "by_owner", "o", 3)).isEmpty();
    }

    @Test
    default void valuesOfDifferentTypesHaveOneOrder() {
        var id = ObjectId.next();
        var values = Arrays.<@Nullable Object>asList(
                null, -1.5, -1, 0, 1L, 1.5, "", "A", "a", id, false, true, Instant.EPOCH, Instant.EPOCH.plusMillis(1));
        for (int i = values.size() - 1; i >= 0; i--) {
            insert("name", "n%02d".formatted(i), "owner", "o", "rank", values.get(i), "label", i);
        }
        var order = names(list("by_owner", List.of("o")));
        assertThat(order).hasSize(values.size()).isSorted();
    }

    @Test
    default void pagesFollowOneAnotherBothWays() {
        for (int i = 0; i < 7; i++) {
            insert("name", "n" + i, "owner", "o", "rank", i / 3, "label", i);
        }
        insert("name", "other", "owner", "p", "rank", 0);
        for (boolean ascending : List.of(true, false)) {
            var all = new ArrayList<Document>();
            @Nullable Place place = null;
            while (true) {
                var page = documents().list(THINGS, "by_owner", List.of("o"), place, ascending, 2);
                all.addAll(page);
                if (page.size() < 2) {
                    break;
                }
                place = new Place(Arrays.asList(page.getLast().value("rank")), page.getLast().id());
            }
            var expected = names(list("by_owner", List.of("o")));
            assertThat(names(all)).isEqualTo(ascending ? expected : expected.reversed());
        }
    }

    @Test
    default void allDocumentsPageByIdBothWays() {
        var ids = new ArrayList<ObjectId>();
        for (int i = 0; i < 5; i++) {
            ids.add(insert("name", "n" + i).id());
        }
        ids.sort(null);
        assertThat(ids(documents().list(THINGS, null, true, 3))).isEqualTo(ids.subList(0, 3));
        assertThat(ids(documents().list(THINGS, ids.get(2), true, 3))).isEqualTo(ids.subList(3, 5));
        assertThat(ids(documents().list(THINGS, ids.get(2), false, 9))).containsExactly(ids.get(1), ids.get(0));
        assertThat(ids(documents().list(THINGS, null, false, 1))).containsExactly(ids.get(4));
    }

    private static List<ObjectId> ids(List<Document> documents) {
        return documents.stream().map(Document::id).toList();
    }

    @Test
    default void aListIsIndexedByEachItem() {
        var d = insert("name", "a", "tags", List.of("x", "y", "x"));
        insert("name", "b", "tags", List.of("y"));
        insert("name", "c", "tags", List.of());
        assertThat(names(list("tags", List.of("x")))).containsExactly("a");
        assertThat(names(list("tags", List.of("y")))).containsExactlyInAnyOrder("a", "b");
        assertThat(names(list("tags", List.of()))).as("each document once").containsExactly("c", "a", "b");
        assertThat(documents().count(THINGS, "tags", List.of())).isEqualTo(3);
        documents().update(THINGS, d.id(), x -> x.with("tags", List.of("z")));
        assertThat(names(list("tags", List.of("x")))).isEmpty();
        assertThat(names(list("tags", List.of("z")))).containsExactly("a");
    }

    @Test
    default void anyOfSeveralValuesFindsEachDocumentOnce() {
        var one = insert("name", "1", "owner", "o", "label", "l1", "rank", 1, "tags", List.of("a", "b"));
        var two = insert("name", "2", "owner", "o", "label", "l2", "rank", 2, "tags", List.of("b"));
        var other = insert("name", "3", "owner", "other", "rank", 1, "tags", List.of("c"));
        assertThat(documents().listAny(THINGS, "tags", List.of(List.of("b", "a", "x")), 10)).containsExactly(one, two);
        assertThat(documents().listAny(THINGS, "by_owner", List.of(List.of("o"), List.of(2, 1, 2)), 10)).containsExactly(one, two);
        assertThat(documents().listAny(THINGS, "by_owner", List.of(List.of("o"), List.of(2)), 10)).containsExactly(two);
        assertThat(documents().listAny(THINGS, "by_owner", List.of(List.of("o"), List.of()), 10)).isEmpty();
        assertThat(documents().listAny(THINGS, "by_owner", List.of(List.of("nobody"), List.of(1, 2)), 10)).isEmpty();
        assertThat(documents().listAny(THINGS, "by_owner", List.of(List.of("o", "other"), List.of(1)), 10)).containsExactly(one, other);
    }

    @Test
    default void updatesFromManyThreadsAreAllCounted() throws InterruptedException {
        var d = insert("name", "a", "n", 0L);
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 25; i++) {
                    documents().update(THINGS, d.id(), x -> x.with("n", x.number("n") + 1));
                }
            }));
        }
        for (var t : threads) {
            t.join();
        }
        assertThat(documents().find(THINGS, d.id()).orElseThrow().number("n")).isEqualTo(200);
    }

    @Test
    default void documentsGoWhenTheirTimeIsPast() {
        var now = clock().instant();
        var going = insert("name", "a", "expires", now.plus(Duration.ofMinutes(1)));
        insert("name", "b", "expires", now.plus(Duration.ofHours(1)));
        insert("name", "c", "expires", "no time");
        assertThat(documents().count(THINGS)).isEqualTo(3);
        clock().advance(Duration.ofMinutes(2));
        assertThat(documents().find(THINGS, going.id())).isEmpty();
        assertThat(documents().find(THINGS, "name", "a")).isEmpty();
        assertThat(names(list("name", List.of()))).containsExactly("b", "c");
        assertThat(documents().count(THINGS)).isEqualTo(2);
        insert("name", "a");
    }
}
