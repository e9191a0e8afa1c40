-- KEYS dead; ARGV prefix of jobs, most. As job-claim returns them.
local out = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1)) do
  local job = redis.call('HMGET', ARGV[1] .. id, 'body', 'attempt', 'attempts', 'lease', 'error')
  if job[1] then
    for _, value in ipairs({id, job[1], job[2], job[3], job[4], job[5]}) do
      out[#out + 1] = value
    end
  end
end
return out
