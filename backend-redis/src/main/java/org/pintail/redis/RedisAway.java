package org.pintail.redis;

/// Redis did not answer, or not as the master does. Every role catches it and does what it promises for this case.
final class RedisAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisAway(String message) {
        super(message, null, false, false);
    }
}
