package org.pintail.suite;

import sun.misc.Signal;

/// SIGHUP; the JDK has no other way to hear it.
final class Signals {
    private Signals() {}

    static void onHangUp(Runnable action) {
        Signal.handle(new Signal("HUP"), _ -> Thread.ofVirtual().name("hang-up").start(action));
    }
}
