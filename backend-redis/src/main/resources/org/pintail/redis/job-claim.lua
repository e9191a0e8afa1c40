-- KEYS due, dead; ARGV prefix of jobs, lease in milliseconds, most, token. Who claims a job moves its time to the end of the lease, so that it is
-- due again when nobody comes back. Returns id, body, attempt, attempts, lease, error of each.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most = tonumber(ARGV[3])
local out = {}
local claimed = 0
while claimed < most do
  local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, most - claimed)
  if #ids == 0 then
    break
  end
  for _, id in ipairs(ids) do
    local key = ARGV[1] .. id
    local job = redis.call('HMGET', key, 'body', 'attempt', 'attempts', 'error')
    if not job[1] then
      redis.call('ZREM', KEYS[1], id)
    elseif tonumber(job[2]) >= tonumber(job[3]) then
      redis.call('ZREM', KEYS[1], id)
      redis.call('ZADD', KEYS[2], now, id)
      redis.call('HSET', key, 'lease', '', 'error', job[4] ~= '' and job[4] or 'the last attempt never ended')
    else
      claimed = claimed + 1
      local attempt = redis.call('HINCRBY', key, 'attempt', 1)
      local lease = ARGV[4] .. ':' .. claimed
      redis.call('HSET', key, 'lease', lease)
      redis.call('ZADD', KEYS[1], now + ARGV[2], id)
      for _, value in ipairs({id, job[1], tostring(attempt), job[3], lease, job[4]}) do
        out[#out + 1] = value
      end
    end
  end
end
return out
