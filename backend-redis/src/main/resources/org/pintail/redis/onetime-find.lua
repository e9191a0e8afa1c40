-- KEYS value; ARGV 1 to use it up. Returns value and milliseconds left, or nothing.
local value = redis.call('GET', KEYS[1])
if not value then
  return {}
end
local left = redis.call('PTTL', KEYS[1])
if ARGV[1] == '1' then
  redis.call('DEL', KEYS[1])
end
return {value, left}
