-- KEYS lock; ARGV token, milliseconds. Returns 1, or 0 when another has it or nobody.
if redis.call('HGET', KEYS[1], 'index') ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
