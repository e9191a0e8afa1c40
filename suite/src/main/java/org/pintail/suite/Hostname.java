package org.pintail.suite;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// What this machine calls itself.
final class Hostname {
    private Hostname() {}

    static String ofThisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // a machine that cannot resolve its own name still has this one
        }
    }
}
