-- A lock as ioredfour keeps it: KEYS lock, index; ARGV milliseconds. Returns the token, or 0 when another has it.
-- The index never falls behind the clock, so that tokens ascend even when Redis lost everything it knew.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return '0'
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local token = redis.call('INCR', KEYS[2])
if token < now then
  token = now
  redis.call('SET', KEYS[2], string.format('%.0f', token))
end
token = string.format('%.0f', token)
redis.call('HSET', KEYS[1], 'index', token)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return token
