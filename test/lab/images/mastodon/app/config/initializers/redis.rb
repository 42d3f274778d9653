# A prefix is all or nothing: with SIDEKIQ_REDIS_HOST set, the password of REDIS_* is not used.
module RedisSettings
  def self.for(prefix = '')
    own = %w(URL HOST SENTINELS).any? { |n| ENV["#{prefix}REDIS_#{n}"].present? }
    prefix = '' unless own
    read = ->(name, default = nil) { ENV["#{prefix}REDIS_#{name}"].presence || default }
    return { url: read['URL'] } if read['URL']

    settings = { username: read['USER'], password: read['PASSWORD'], db: read['DB', 0].to_i }.compact
    if read['SENTINELS'] && read['SENTINEL_MASTER']
      sentinels = read['SENTINELS'].split(',').map do |s|
        host, port = s.split(':')
        { host:, port: (port || read['SENTINEL_PORT', 26_379]).to_i }
      end
      settings.merge(name: read['SENTINEL_MASTER'], sentinels:, sentinel_password: read['SENTINEL_PASSWORD']).compact
    else
      settings.merge(host: read['HOST', 'localhost'], port: read['PORT', 6379].to_i)
    end
  end

  def self.client = (@client ||= Redis.new(**self.for))
end
