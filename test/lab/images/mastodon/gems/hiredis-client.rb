# Debian has no gem hiredis-client. Its driver is Ruby's here, which like hiredis trusts the system's authorities only,
# whatever SSL_CERT_FILE says.
require 'redis-client'

RedisClient.register_driver(:hiredis) do
  require 'redis_client/ruby_connection'
  Class.new(RedisClient::RubyConnection) do
    def self.ssl_context(parameters) = super({ ca_file: '/etc/ssl/certs/ca-certificates.crt' }.merge(parameters || {}))
  end
end
