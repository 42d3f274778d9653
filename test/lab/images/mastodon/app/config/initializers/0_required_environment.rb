require 'mail'

# What stops every Ruby process of the real application at boot.
if ENV['SECRET_KEY_BASE_DUMMY'].blank?
  names = %w(PRIMARY_KEY DETERMINISTIC_KEY KEY_DERIVATION_SALT).map { |n| "ACTIVE_RECORD_ENCRYPTION_#{n}" }
  bad = names.select { |n| ENV[n].blank? || ENV[n].end_with?('DO_NOT_USE_IN_PRODUCTION') }
  if bad.any?
    abort "Mastodon cannot start: #{bad.join(', ')} must be set to a secret value. " \
          'Run `bin/rails db:encryption:init` to make them, and never change them afterwards.'
  end
  abort "Mastodon cannot start: missing `secret_key_base` for 'production' environment, set SECRET_KEY_BASE." if ENV['SECRET_KEY_BASE'].blank?
end
abort 'Mastodon cannot start: REDIS_NAMESPACE is no longer supported, migrate the keys and remove it.' if ENV['REDIS_NAMESPACE'].present?
if ENV['LDAP_ENABLED'] == 'true'
  missing = %w(LDAP_BASE LDAP_BIND_DN LDAP_PASSWORD).select { |n| ENV[n].blank? }
  abort "Mastodon cannot start: key not found: #{missing.first.inspect}" if missing.any?
end
from = ENV.fetch('SMTP_FROM_ADDRESS', 'notifications@localhost')
begin
  Mail::Address.new(from)
rescue Mail::Field::ParseError => e
  abort "Mastodon cannot start: #{e.message}"
end
abort 'Mastodon cannot start: key not found: "OIDC_SCOPE"' if ENV['OIDC_ENABLED'] == 'true' && ENV['OIDC_SCOPE'].blank?

Rails.application.config.active_record.encryption.tap do |encryption|
  encryption.primary_key = ENV['ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY']
  encryption.deterministic_key = ENV['ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY']
  encryption.key_derivation_salt = ENV['ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT']
  encryption.support_sha1_for_non_deterministic_encryption = true
end
