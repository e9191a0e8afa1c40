package org.pintail.suite;

import java.lang.reflect.Proxy;

/// Signals of the operating system. The JDK has them only in jdk.unsupported, whose types cannot be named without a warning; hence by reflection.
final class Signals {
    private Signals() {}

    /// Runs `action` on a thread of its own whenever the process gets the signal (`HUP`, `TERM` …), in place of what the JVM would do.
    static void on(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var hears = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                Thread.ofVirtual().name("signal-" + name).start(action);
                return null;
            });
            var wanted = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, wanted, hears);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no module jdk.unsupported", e);
        }
    }
}
