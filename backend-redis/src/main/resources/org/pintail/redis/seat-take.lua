-- KEYS seats, nodes; ARGV node, limit, milliseconds after which a silent node is gone, how many the node has already.
-- A field per node says how many seats it has; those of nodes that are gone are free. Returns whether one was taken, and how many were before.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all = redis.call('HGETALL', KEYS[1])
local taken = tonumber(ARGV[4])
for i = 1, #all, 2 do
  if all[i] ~= ARGV[1] then
    local seen = redis.call('ZSCORE', KEYS[2], all[i])
    if not seen or now - seen > tonumber(ARGV[3]) then
      redis.call('HDEL', KEYS[1], all[i])
    else
      taken = taken + all[i + 1]
    end
  end
end
if taken >= tonumber(ARGV[2]) then
  return {0, taken}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4] + 1)
redis.call('EXPIRE', KEYS[1], 604800)
return {1, taken}
