# The application's own connection, made when it is first used.
REDIS = Redis.new(**REDIS_CONFIGURATION.base)
