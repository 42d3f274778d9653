# Debian has no gem hiredis-client: the driver that it registers is Ruby's.
require 'redis-client'

RedisClient.register_driver(:hiredis) do
  require 'redis_client/ruby_connection'
  RedisClient::RubyConnection
end
