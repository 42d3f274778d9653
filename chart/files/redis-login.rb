# Logs in to Redis with the application's own code, which knows what the variables mean. Rails is not loaded for it.
require 'active_support'
require 'active_support/core_ext/numeric/time'
require 'active_support/core_ext/object/blank'
require 'active_support/string_inquirer'
require 'addressable/uri'
require 'redis'
begin
  # The driver's gem. Mastodon 4.3 has another, which the gem redis loads.
  require 'hiredis-client'
rescue LoadError
  nil
end
require_relative 'database'

# What the application's file needs.
module Mastodon; end
module Rails
  def self.env = ActiveSupport::StringInquirer.new('production')
end
module Sidekiq
  def self.server? = false
end
require "#{Migrations::ROOT}/lib/mastodon/redis_configuration"

module RedisLogin
  DECODED = 'Ruby decodes "%" and two hexadecimal digits in a password of Redis, Node does not. Choose a password without "%".'
  # What makes up an address.
  ADDRESS = %i(url driver name sentinels sentinel_username sentinel_password).freeze

  def self.wait
    configuration = Mastodon::RedisConfiguration.new
    base, sidekiq, cache = [configuration.base, configuration.sidekiq, configuration.cache].map { |all| all.slice(*ADDRESS) }
    to('Redis', 'redis', '', base)
    to("Sidekiq's Redis", 'redis.sidekiq', 'SIDEKIQ_', sidekiq) if sidekiq != base
    # Without it everything works, only slower.
    to("the cache's Redis", 'redis.cache', 'CACHE_', cache, optional: true) if cache != base
  end

  def self.to(server, path, prefix, address, optional: false)
    Login.to(server, remedies(path, prefix), optional:) { ping(address) }
  # The message of URI would print the password.
  rescue URI::InvalidURIError
    refuse "#{prefix}REDIS_URL is not a URL. Escape special characters in its password (%40 for @), or with #{path}.tls choose " \
           'a password without them.'
  end

  def self.remedies(path, prefix)
    wrong = "Correct #{path}.password, or the Secret with #{prefix}REDIS_PASSWORD or #{prefix}REDIS_URL."
    if variable("#{prefix}REDIS_SENTINELS").present?
      wrong = "Correct #{path}.password, or #{path}.sentinel.password if it is a Sentinel."
    end
    wrong = DECODED if variable("#{prefix}REDIS_PASSWORD").match?(/%\h\h/)
    {
      /NOAUTH|WRONGPASS|invalid password/ => wrong,
      /without any password configured/ => "It has no password: remove #{path}.password. If it is a Sentinel, keep that, " \
                                           "and set #{path}.sentinel.user to default.",
      /Couldn't locate/ => "Correct #{path}.sentinel.master: the Sentinels know no master of this name.",
      /DB index/ => "Correct #{path}.database, or the number at the end of #{path}.url.",
      /hostname mismatch/ => "Correct #{path}.host, or the host in #{path}.url: it must be a name in the certificate.",
      /certificate/ => 'Set caBundle to the authority that signed the certificate.'
    }
  end

  def self.ping(address)
    client = Redis.new(**address.compact)
    client.ping
  ensure
    client&.close
  end

  def self.variable(name) = ENV.fetch(name, '')
end
