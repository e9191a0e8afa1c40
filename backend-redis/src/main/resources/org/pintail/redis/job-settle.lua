-- KEYS job, due, dead; ARGV id, lease, done | failed | extend, milliseconds, error. Returns DONE, AGAIN, DEAD or LOST.
if ARGV[2] == '' or redis.call('HGET', KEYS[1], 'lease') ~= ARGV[2] then
  return 'LOST'
end
if ARGV[3] == 'done' then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 'DONE'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] == 'extend' then
  redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[1])
  return 'DONE'
end
redis.call('HSET', KEYS[1], 'lease', '', 'error', ARGV[5])
local tried = redis.call('HMGET', KEYS[1], 'attempt', 'attempts')
if tonumber(tried[1]) >= tonumber(tried[2]) then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZADD', KEYS[3], now, ARGV[1])
  return 'DEAD'
end
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[1])
return 'AGAIN'
