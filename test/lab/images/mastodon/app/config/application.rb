require_relative 'boot'
require 'rails'
require 'active_support/core_ext/numeric/time'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'sidekiq'
require 'redis'
require 'hiredis-client'
require 'addressable/uri'

module Mastodon
  VERSION = ENV.fetch('STANDIN_VERSION', 'v0.0.0').delete_prefix('v')

  # From 4.7 the code reads keypairs.private_key, before that accounts.private_key.
  def self.at_least?(version) = Gem::Version.new(VERSION) >= Gem::Version.new(version)

  require_relative '../lib/mastodon/redis_configuration'
  ::REDIS_CONFIGURATION = RedisConfiguration.new

  class Application < Rails::Application
    config.load_defaults 7.2
    config.eager_load = true
    config.paths.add 'code', eager_load: true
    config.paths.add 'lib/tasks', glob: '**/*.rake'
    config.consider_all_requests_local = false
    config.cache_store = :redis_cache_store, REDIS_CONFIGURATION.cache
    config.log_level = ENV.fetch('RAILS_LOG_LEVEL', 'info').to_sym
    config.logger = ActiveSupport::TaggedLogging.new(Logger.new($stdout))
    config.active_record.dump_schema_after_migration = false
    config.active_record.migration_error = false
    config.public_file_server.enabled = ENV['RAILS_SERVE_STATIC_FILES'].present?

    # As in the real application, any value skips the post-deployment migrations, even "false".
    unless ENV['SKIP_POST_DEPLOYMENT_MIGRATIONS'].present?
      config.paths['db/migrate'] << Rails.root.join('db/post_migrate').to_s
    end

    local = ENV.fetch('LOCAL_DOMAIN', 'localhost:3000')
    alternates = ENV.fetch('ALTERNATE_DOMAINS', '').split(/\s*,\s*/)
    config.x.local_domain = local
    config.x.web_domain = ENV['WEB_DOMAIN'].presence || local
    config.hosts.concat([local, config.x.web_domain, *alternates].uniq)
    config.host_authorization = { exclude: ->(request) { request.path == '/health' } }
    config.force_ssl = true
    config.session_store :cookie_store, key: '_mastodon_session', secure: true, same_site: :lax
    config.ssl_options = { redirect: { exclude: ->(request) { request.path == '/health' || request.host.end_with?('.onion') } } }

    proxies = ENV.fetch('TRUSTED_PROXY_IP', '').split(/[\s,]+/).map { |ip| IPAddr.new(ip) }
    config.action_dispatch.trusted_proxies = proxies if proxies.any?
  end
end
