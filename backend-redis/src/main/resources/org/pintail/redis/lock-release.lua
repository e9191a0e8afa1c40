-- KEYS lock; ARGV token, channel that waiting processes of the Node suite listen to.
if redis.call('HGET', KEYS[1], 'index') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], KEYS[1])
return 1
