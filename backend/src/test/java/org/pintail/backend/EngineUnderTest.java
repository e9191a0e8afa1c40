package org.pintail.backend;

/// What a contract needs of the class that runs it: an empty engine that is the same for the whole of one test, and the clock it was given.
public interface EngineUnderTest {
    Store store();

    TestClock clock();

    /// Lets time go by for the engine.
    default void pass(java.time.Duration time) {
        clock().advance(time);
    }

    /// Watchers of accounts are also run when nothing was published, to look by themselves.
    default boolean looksByItself() {
        return false;
    }
}
