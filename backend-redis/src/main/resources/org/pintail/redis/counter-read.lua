-- KEYS counter. Returns its value as text and the milliseconds left.
return {redis.call('GET', KEYS[1]) or '0', redis.call('PTTL', KEYS[1])}
