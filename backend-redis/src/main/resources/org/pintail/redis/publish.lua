-- Several messages in one command: ARGV channel, payload, channel, payload …
for i = 1, #ARGV, 2 do
  redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
end
return #ARGV / 2
