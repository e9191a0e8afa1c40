package org.pintail.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.pintail.backend.Collection;

class CollectionsTest {
    /// What is not in the list is not copied when an installation moves.
    @Test
    void everyKindIsInTheList() throws IllegalAccessException {
        var declared = new ArrayList<Collection>();
        for (var field : Collections.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().equals(Collection.class)) {
                declared.add((Collection) field.get(null));
            }
        }
        assertThat(declared).isNotEmpty();
        assertThat(Collections.all()).containsExactlyInAnyOrderElementsOf(declared);
        assertThat(Collections.all().stream().map(Collection::name)).doesNotHaveDuplicates();
    }
}
