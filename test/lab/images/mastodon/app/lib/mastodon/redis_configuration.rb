# Where Redis is, for the application, Sidekiq and the cache: the same variables and answers as in the real file.
class Mastodon::RedisConfiguration
  def base = of('', 'localhost')

  # Without an address of its own, a prefix means the base, password and all.
  def sidekiq = of('SIDEKIQ_') || base
  def cache = (of('CACHE_') || base).merge(namespace: 'cache', expires_in: 10.minutes, connect_timeout: 5, pool:)

  private

  def pool = { size: Integer(ENV.fetch('MAX_THREADS', 5)), timeout: 5 }

  def driver = ENV['REDIS_DRIVER'] == 'ruby' ? :ruby : :hiredis

  def of(prefix, usual_host = nil)
    read = ->(name, default = nil) { ENV.fetch("#{prefix}REDIS_#{name}", default) }
    return { url: read['URL'], driver: } if read['URL']

    sentinel = sentinel(read)
    host = sentinel[:name] || read['HOST', usual_host]
    return if host.blank?

    port = sentinel.empty? ? read['PORT', usual_host && 6379] : nil
    { url: address(host, port, database(read), read['USER'], read['PASSWORD']), driver:, **sentinel }
  end

  def database(read) = Rails.env.test? ? 1 : read['DB', 0]

  # The Sentinels get the user and the password of Redis, unless they have their own.
  def sentinel(read)
    name = read['SENTINEL_MASTER']
    sentinels = read['SENTINELS', ''].split(',').map do |sentinel|
      host, port = sentinel.split(':')
      { host:, port: (port || read['SENTINEL_PORT', 26_379]).to_i }
    end
    return {} if name.blank? || sentinels.empty?

    { name:, sentinels:, sentinel_username: read['SENTINEL_USERNAME', read['USER']],
      sentinel_password: read['SENTINEL_PASSWORD', read['PASSWORD']] }
  end

  # A "%" with two hexadecimal digits in the password is taken for a character that is escaped.
  def address(host, port, database, user, password)
    uri = Addressable::URI.parse("redis://#{host}:#{port}/#{database}")
    uri.user = user if user.present?
    uri.password = password if password.present?
    uri.normalize.to_str
  end
end
