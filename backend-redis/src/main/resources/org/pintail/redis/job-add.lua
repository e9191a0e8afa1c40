-- KEYS due, job; ARGV id, body, attempts, delay in milliseconds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], 'body', ARGV[2], 'attempt', 0, 'attempts', ARGV[3], 'lease', '', 'error', '')
redis.call('ZADD', KEYS[1], now + ARGV[4], ARGV[1])
return 1
