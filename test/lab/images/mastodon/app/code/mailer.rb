require 'mail'

# Sends mail as the real application does, with the settings that its variables mean to the library `mail`.
module Mailer
  STARTTLS = { 'always' => { enable_starttls: true }, 'never' => { enable_starttls: false } }.freeze

  module_function

  def deliver
    mail = Mail.new(from: ENV.fetch('SMTP_FROM_ADDRESS', 'notifications@localhost'), to: 'alice@example.com', subject: 'Hello', body: 'Hello')
    mail.delivery_method(:smtp, settings)
    mail.deliver!
  end

  # Mastodon's mail 2.9 refuses this, Debian's older one does not.
  def refuse_both
    return unless ENV['SMTP_TLS'] == 'true' && %w(auto always).include?(ENV['SMTP_ENABLE_STARTTLS'])

    raise ArgumentError, ':enable_starttls and :tls are mutually exclusive'
  end

  def settings
    refuse_both
    method = ENV.fetch('SMTP_AUTH_METHOD', 'plain')
    { address: ENV['SMTP_SERVER'], port: ENV['SMTP_PORT'], domain: ENV['SMTP_DOMAIN'] || ENV['LOCAL_DOMAIN'],
      user_name: ENV['SMTP_LOGIN'], password: ENV['SMTP_PASSWORD'], authentication: (method unless method == 'none'),
      openssl_verify_mode: ENV['SMTP_OPENSSL_VERIFY_MODE'], tls: (true if ENV['SMTP_TLS'] == 'true'),
      enable_starttls_auto: true, read_timeout: 20 }.merge(starttls).compact
  end

  def starttls
    mode = ENV['SMTP_ENABLE_STARTTLS']
    { enable_starttls_auto: %w(always never).exclude?(mode) || nil }.merge(STARTTLS.fetch(mode, {}))
  end
end
