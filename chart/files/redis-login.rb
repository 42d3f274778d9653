# Logs in to Redis with the application's own code, which knows what the variables mean. Rails is not loaded for it.
require 'active_support'
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
require "#{Migrations::ROOT}/lib/mastodon/redis_configuration"

module RedisLogin
  DECODED = 'Ruby decodes "%" and two hexadecimal digits in a password of Redis, Node does not. Choose a password without "%".'
  REMEDIES = {
    /without any password configured/ => 'It has no password: remove redis.password. If it is a Sentinel, keep that, ' \
                                         'and set env.REDIS_SENTINEL_USERNAME to default.',
    /Couldn't locate/ => 'Correct REDIS_SENTINEL_MASTER: the Sentinels know no master of this name.',
    /DB index/ => 'Correct REDIS_DB, or the number at the end of REDIS_URL.',
    /certificate/ => 'SSL_CERT_FILE must name the authority that signed the certificate, and the certificate must be for this host.'
  }.freeze

  def self.wait
    configuration = Mastodon::RedisConfiguration.new
    to('Redis', '', configuration.base)
    to("Sidekiq's Redis", 'SIDEKIQ_', configuration.sidekiq) if configuration.sidekiq != configuration.base
  end

  def self.to(server, prefix, options)
    wrong = "Correct #{'redis.password, or ' if prefix.empty?}the Secret with #{prefix}REDIS_PASSWORD or #{prefix}REDIS_URL."
    wrong = DECODED if variable("#{prefix}REDIS_PASSWORD").match?(/%\h\h/)
    Login.to(server, { /NOAUTH|WRONGPASS|invalid password/ => wrong, **REMEDIES }) { ping(options) }
  # The message of URI would print the password.
  rescue URI::InvalidURIError
    refuse "#{prefix}REDIS_URL is not a URL. Escape special characters in its password (%40 for @)."
  end

  def self.ping(options)
    client = Redis.new(**options.except(:namespace).compact)
    client.ping
  ensure
    client&.close
  end

  def self.variable(name) = ENV.fetch(name, '')
end
