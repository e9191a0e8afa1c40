-- A counter with a window, as WildDuck's ttlcounter keeps it: KEYS counter; ARGV amount, limit, window in milliseconds.
-- Returns whether it was added, the value (as text: it may be larger than a number of Lua can say), milliseconds left.
local value = redis.call('GET', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if tonumber(value or '0') >= tonumber(ARGV[2]) then
  return {0, value or '0', left}
end
local added = redis.pcall('INCRBY', KEYS[1], ARGV[1])
if type(added) == 'table' then -- an error: the sum would be too large
  redis.call('SET', KEYS[1], '9223372036854775807', 'KEEPTTL')
end
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  left = tonumber(ARGV[3])
end
return {1, redis.call('GET', KEYS[1]), left}
