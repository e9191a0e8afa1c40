package org.pintail.suite;

import java.lang.reflect.Proxy;

/// SIGHUP. The JDK has it only in jdk.unsupported, whose types cannot be named without a warning; hence by reflection.
final class Signals {
    private Signals() {}

    /// Runs `action` on a thread of its own at each SIGHUP.
    static void onHangUp(Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var hears = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                Thread.ofVirtual().name("hang-up").start(action);
                return null;
            });
            var hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, hears);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no module jdk.unsupported", e);
        }
    }
}
