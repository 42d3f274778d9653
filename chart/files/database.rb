# What init containers and Jobs know of the database: its schema, and the notes that this chart keeps in it.
# The notes are rows of Rails' own table ar_internal_metadata, so they travel with a dump.
require 'openssl'
require 'pg'
require_relative 'login'
require_relative 'migrations'

class Database
  NOTES = 'mastodon_chart.'
  KEYS = %w[PRIMARY_KEY DETERMINISTIC_KEY KEY_DERIVATION_SALT].map { |name| "ACTIVE_RECORD_ENCRYPTION_#{name}" }

  REMEDIES = {
    /no encryption|SSL off|SSL (connection is )?required|insecure/ => 'It only accepts connections with TLS. Set postgresql.sslMode to require.',
    /does not support SSL/ => 'It has no TLS. Set postgresql.sslMode to prefer, or switch TLS on in the server.',
    /valid client certificate|certificate authentication failed/ =>
      'It only lets in who shows a certificate for this role. Set postgresql.clientCertificate.',
    /certificate/ => 'With this postgresql.sslMode the certificate must be signed by the authority in postgresql.ca or caBundle, ' \
                     'and with verify-full be made for postgresql.host.',
    /password|authentication failed|no such user/ => 'Correct postgresql.password, or the Secret with DB_PASS.',
    /does not exist/ => 'Create it, or correct postgresql.database and postgresql.user.'
  }.freeze

  # Waits until the server answers: it may start at the same time as this pod.
  def self.wait = Login.to('PostgreSQL', REMEDIES) { new }

  # Logs in to the replica, if there is one. A pod that could not start while it is down would serve nobody.
  def self.greet_replica
    return if %w[REPLICA_DB_HOST REPLICA_DB_NAME REPLICA_DATABASE_URL].all? { |name| ENV.fetch(name, '').empty? }

    remedies = REMEDIES.transform_values do |remedy|
      remedy.gsub(/postgresql\.(?=host|password|database|user)/, 'postgresql.replica.').sub('DB_PASS', 'REPLICA_DB_PASS')
    end
    Login.to('the replica of PostgreSQL', remedies, optional: true) { new(replica: true) }&.close
  end

  def initialize(replica: false)
    @is_replica = replica
    @connection = PG.connect(**settings, connect_timeout: 5)
    @connection.exec('SET client_min_messages = warning')
  end

  def close = @connection.close

  def rows(sql, *values) = @connection.exec_params(sql, values).values

  def table?(name) = !rows('SELECT to_regclass($1)', "public.#{name}").first.first.nil?

  def column?(table, name)
    rows('SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped',
         "public.#{table}", name).any?
  end

  # True if no schema was loaded. Tables of others may be there, a provider's for example; but loading the schema would
  # drop those that have a name of Mastodon's.
  def empty?
    return false unless versions.empty?

    theirs = note('seeds') ? nil : Migrations.tables.find { |name| table?(name) }
    return true unless theirs

    refuse "The database has a table \"#{theirs}\" but no record of migrations: it does not belong to Mastodon, or is an incomplete copy. " \
           'Use an empty database.'
  end

  # The versions of the migrations that were run, as Integers.
  def versions = table?('schema_migrations') ? rows('SELECT version FROM schema_migrations').flatten.map(&:to_i) : []

  def note(name)
    return unless table?('ar_internal_metadata')

    rows('SELECT value FROM ar_internal_metadata WHERE key = $1', NOTES + name).dig(0, 0)
  end

  def write_note(name, value)
    # The same columns as Rails'; it makes the table only if there is none.
    rows('CREATE TABLE IF NOT EXISTS ar_internal_metadata (key character varying NOT NULL PRIMARY KEY,
          value character varying, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL)')
    rows('INSERT INTO ar_internal_metadata VALUES ($1, $2, now(), now())
          ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = now()', NOTES + name, value.to_s)
  end

  # The versions that a note lists.
  def noted(name) = note(name).to_s.split.map(&:to_i)

  # Adds versions to such a note. They are never removed: an older image that runs for a while knows fewer of them.
  def add_noted(name, versions) = write_note(name, (versions | noted(name)).join(' '))

  # One sentence if a newer Mastodon migrated the database so far that this image cannot use it. Sets are compared, as an
  # older Mastodon may later get a migration with a higher version than those of a newer one.
  def newer
    unknown = noted('post_migrated') - Migrations.after
    unknown += [versions.max].compact - Migrations.all - noted('pre_migrated')
    return if unknown.empty?

    "The database was migrated by a newer Mastodon: this image does not know its migration #{unknown.max}. " \
      'Go back to the newer version; this one can no longer use the database.'
  end

  # Holds off other Jobs of this chart until the connection ends. Asked again and again, as a session that waits inside
  # pg_advisory_lock keeps a snapshot, and CREATE INDEX CONCURRENTLY of the other Job would wait for that.
  def lock
    sleep 2 until rows('SELECT pg_try_advisory_lock(4774451407313060418)').dig(0, 0) == 't'
  end

  # What of the encryption keys can be kept in the database: enough to tell others from them, no more.
  def self.fingerprint = OpenSSL::HMAC.hexdigest('SHA256', KEYS.map { |name| ENV.fetch(name, '') }.join("\0"), 'mastodon-chart')

  # One sentence if the keys of this process are not those that the database was written with.
  def wrong_keys
    known = note('encryption_keys')
    return if known.nil? || known == Database.fingerprint

    'The ACTIVE_RECORD_ENCRYPTION_* keys are not those that this database was written with. ' \
      'Restore the Secret with the keys from your backup; with other keys the accounts cannot be read.'
  end

  private

  # As Rails does: the URL wins, and what it leaves out is in the variables.
  def settings
    { host: ENV.fetch('DB_HOST', 'localhost'), port: ENV.fetch('DB_PORT', 5432),
      dbname: ENV.fetch('DB_NAME', 'mastodon_production'), user: ENV.fetch('DB_USER', 'mastodon'),
      password: ENV.fetch('DB_PASS', ''), sslmode: ENV.fetch('DB_SSLMODE', 'prefer') }
      .merge(@is_replica ? of_replica : {}).merge(from_url)
  end

  # What these leave out is that of the server.
  def of_replica
    { host: ENV.fetch('REPLICA_DB_HOST', nil), port: ENV.fetch('REPLICA_DB_PORT', nil),
      dbname: ENV.fetch('REPLICA_DB_NAME', nil), user: ENV.fetch('REPLICA_DB_USER', nil),
      password: ENV.fetch('REPLICA_DB_PASS', nil) }.compact
  end

  def from_url
    names = @is_replica ? %w[REPLICA_DATABASE_URL] : %w[PRIMARY_DATABASE_URL DATABASE_URL]
    own = names.find { |name| !variable(name).empty? }
    own ? parse(variable(own)) : {}
  # The message of URI or libpq would print the password.
  rescue URI::InvalidURIError, PG::Error
    refuse "#{own} is not a URL. Escape special characters in its password (%40 for @)."
  end

  def variable(name) = ENV.fetch(name, '')

  # libpq reads the URL, without the parameters that only Rails knows, such as pool.
  def parse(url)
    URI::RFC2396_Parser.new.parse(url)
    address, query = url.split('?', 2)
    known = PG::Connection.conndefaults.map { |option| option[:keyword] }
    query = query.to_s.split('&').select { |pair| known.include?(pair[/\A\w+/]) }.join('&')
    PG::Connection.conninfo_parse("#{address}?#{query}").to_h { |option| [option[:keyword].to_sym, option[:val]] }.compact
  end
end

# Addresses of other servers in the user's envFrom would lead a part of the instance there.
ENV.fetch('EMBEDDED', '').split.each do |name|
  next if ENV.fetch(name, '').empty?

  refuse "#{name} is set by your envFrom or env, but the release runs its own server. Remove it there, or set " \
         "#{name.end_with?('DATABASE_URL') ? 'postgresql' : 'redis'}.mode to external."
end
