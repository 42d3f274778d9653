require Rails.root.join('lib/mastodon/redis_configuration')

REDIS_CONFIGURATION = Mastodon::RedisConfiguration.new

# The application's own connection, made when it is first used.
REDIS = Redis.new(**REDIS_CONFIGURATION.base)
