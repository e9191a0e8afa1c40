-- A job that was set aside: KEYS job, due, dead; ARGV id, revive | discard. Returns 1, or 0 when it is not there.
if redis.call('ZREM', KEYS[3], ARGV[1]) == 0 then
  return 0
end
if ARGV[2] == 'discard' then
  redis.call('DEL', KEYS[1])
  return 1
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'attempt', 0)
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
return 1
