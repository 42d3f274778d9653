# Proves the encryption keys on a database that has no note about them, as one that was brought along, before anything is
# written with them.
module Keys
  COLUMNS = { 'users' => 'otp_secret', 'keypairs' => 'private_key' }.freeze

  module_function

  # Ends with one sentence if a column has encrypted values, but the keys decrypt none of them.
  def prove(database)
    COLUMNS.each do |table, column|
      found = samples(database, table, column)
      next if found.empty? || found.any? { |text| decrypts?(text) }

      refuse "The ACTIVE_RECORD_ENCRYPTION_* keys are not those that this database was written with: they cannot decrypt #{table}.#{column}. " \
             'Take all three from the environment of the old server (.env.production), correct the Secret, then raise ' \
             'jobs.migrate.generation and upgrade. Nothing was changed.'
    end
  end

  # Rails writes encrypted values as JSON. Several are read, as a single one may have been damaged long ago.
  def samples(database, table, column)
    return [] unless database.column?(table, column)

    database.rows("SELECT #{column} FROM #{table} WHERE #{column} LIKE '{\"p\":%' ORDER BY id LIMIT 10").flatten
  end

  def decrypts?(text)
    providers.any? do |key_provider|
      ActiveRecord::Encryption.encryptor.decrypt(text, key_provider:)
    rescue ActiveRecord::Encryption::Errors::Decryption
      false
    end
  end

  # As Mastodon configures Rails, SHA-1 being for old values, but without loading either as a whole.
  def providers
    @providers ||= begin
      require 'active_support/all'
      require 'active_record'
      primary_key, deterministic_key, key_derivation_salt = Database::KEYS.map { |name| ENV.fetch(name, '') }
      ActiveRecord::Encryption.configure(primary_key:, deterministic_key:, key_derivation_salt:)
      [OpenSSL::Digest::SHA256, OpenSSL::Digest::SHA1].map do |hash_digest_class|
        key_generator = ActiveRecord::Encryption::KeyGenerator.new(hash_digest_class:)
        ActiveRecord::Encryption::DerivedSecretKeyProvider.new(primary_key, key_generator:)
      end
    end
  end
end
