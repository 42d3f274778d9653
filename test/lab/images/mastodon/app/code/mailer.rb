require 'mail'

# Sends mail as the real application does, with the settings that its variables mean to the library `mail`.
class Mailer
  STARTTLS = { 'always' => { enable_starttls: true }, 'never' => { enable_starttls: false },
               'auto' => { enable_starttls_auto: true } }.freeze

  def self.deliver(bulk: false) = new(bulk).deliver

  # Mail to everybody has a server of its own, if there is one; sender and replies are the same.
  def initialize(bulk)
    @prefix = bulk && ENV['BULK_SMTP_SERVER'].present? ? 'BULK_SMTP_' : 'SMTP_'
  end

  def deliver
    mail = Mail.new(from: ENV.fetch('SMTP_FROM_ADDRESS', 'notifications@localhost'), to: 'alice@example.com',
                    subject: 'Hello', body: 'Hello')
    mail.reply_to = ENV['SMTP_REPLY_TO'] if ENV['SMTP_REPLY_TO'].present?
    mail.return_path = ENV['SMTP_RETURN_PATH'] if ENV['SMTP_RETURN_PATH'].present?
    mail.delivery_method(ENV.fetch('SMTP_DELIVERY_METHOD', 'smtp').to_sym, settings)
    mail.deliver!
  end

  private

  def setting(name, default = nil) = ENV.fetch("#{@prefix}#{name}", default)

  def settings
    refuse_both
    method = setting('AUTH_METHOD', 'plain')
    { address: setting('SERVER'), port: setting('PORT', 25), domain: setting('DOMAIN', ENV['LOCAL_DOMAIN']),
      user_name: setting('LOGIN'), password: setting('PASSWORD'), authentication: (method unless method == 'none'),
      ca_file: setting('CA_FILE', '/etc/ssl/certs/ca-certificates.crt').presence,
      openssl_verify_mode: setting('OPENSSL_VERIFY_MODE'), tls: true?('TLS'), ssl: true?('SSL'), read_timeout: 20,
      **starttls }.compact
  end

  def true?(name) = setting(name) == 'true' || nil

  def starttls
    STARTTLS.fetch(setting('ENABLE_STARTTLS')) { { enable_starttls_auto: setting('ENABLE_STARTTLS_AUTO') != 'false' } }
  end

  # Mastodon's mail 2.9 refuses this, Debian's older one does not.
  def refuse_both
    return unless (true?('TLS') || true?('SSL')) && %w(auto always).include?(setting('ENABLE_STARTTLS'))

    raise ArgumentError, ':enable_starttls and :tls are mutually exclusive'
  end
end
