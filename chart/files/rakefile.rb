# Takes the place of Mastodon's Rakefile when the Jobs migrate: a migration then leaves cleanly at SIGTERM, does not hold
# up the application, and can be repeated after it was killed.
require 'json'

# At SIGTERM a statement may run for hours more, and a transaction cannot be rolled back before it ends: so it is
# cancelled in the database first, then Rails leaves as at every SIGTERM.
Signal.trap('TERM') do
  Thread.new do
    ObjectSpace.each_object(PG::Connection) { |connection| connection.cancel unless connection.finished? } if defined?(PG::Connection)
  ensure
    Thread.main.raise(SignalException, 'TERM')
  end
end

# A statement that waits for the lock of a table holds up all queries that come after it.
module Locks
  TIMEOUT = "'5s'"

  def self.patiently
    yield
  rescue ActiveRecord::LockWaitTimeout => e
    puts "Another session holds a lock, so this is tried again in 10 s: #{e.message.lines.first}"
    sleep 10
    retry
  end
end

# A migration without a transaction: a run that was killed has done an unknown part of it. So each statement is noted
# before it begins. In a later run it may turn out to be done; Rails would stop there.
class Journal
  DONE = %w[DuplicateTable DuplicateColumn DuplicateObject UndefinedTable UndefinedColumn UndefinedObject].freeze

  singleton_class.attr_accessor :current

  def initialize(connection, version)
    @connection = connection
    @version = version
    noted = JSON.parse(connection.select_value("SELECT value FROM ar_internal_metadata WHERE key = 'mastodon_chart.unfinished'") || '{}')
    @begun = noted['version'] == version ? noted['statements'] : []
    @repeated = @begun.dup
  end

  def repeated? = @repeated.any?

  def run(sql)
    note(@begun | [sql])
    yield
  rescue ActiveRecord::StatementInvalid => e
    if @repeated.include?(sql) && DONE.include?(e.cause.class.name.to_s.delete_prefix('PG::'))
      return puts("Done by a run that was interrupted: #{sql}")
    end

    # It failed, so it did nothing.
    note(@begun - [sql]) unless @repeated.include?(sql)
    raise
  end

  private

  def note(statements)
    return if statements == @begun

    @begun = statements
    value = @connection.quote(JSON.generate(version: @version, statements:))
    @connection.execute("INSERT INTO ar_internal_metadata VALUES ('mastodon_chart.unfinished', #{value}, now(), now())
                         ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = now()")
  end
end

module CarefulMigrator
  private

  def ddl_transaction(migration, &block)
    connection = ActiveRecord::Base.connection
    unless migration.disable_ddl_transaction
      return Locks.patiently do
        super(migration) do
          connection.execute("SET LOCAL lock_timeout = #{Locks::TIMEOUT}")
          block.call
        end
      end
    end

    begin
      Journal.current = Journal.new(connection, migration.version)
      super
    ensure
      Journal.current = nil
    end
  end
end

module CarefulAdapter
  def execute(sql, *rest, **options)
    return super unless Journal.current && !transaction_open? && sql.match?(/\A\s*(CREATE|ALTER|DROP)\b/i)

    Journal.current.run(sql) { sql.match?(/\bCONCURRENTLY\b/i) ? super : with_lock_timeout { super } }
  end

  def remove_index(...)
    super
  rescue ArgumentError => e
    raise unless Journal.current&.repeated?

    puts "Done by a run that was interrupted: #{e.message}"
  end

  private

  def with_lock_timeout
    execute("SET lock_timeout = #{Locks::TIMEOUT}")
    Locks.patiently { yield }
  ensure
    execute('RESET lock_timeout')
  end

  # Otherwise the server would go on building an index after this process was killed. Servers before PostgreSQL 14 do not
  # know the setting.
  def configure_connection
    super
    @raw_connection.exec("DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '1s', false);
                          EXCEPTION WHEN OTHERS THEN NULL; END $$")
  end
end

load File.expand_path('Rakefile')
ActiveSupport.on_load(:active_record) { ActiveRecord::Migrator.prepend(CarefulMigrator) }
ActiveSupport.on_load(:active_record_postgresqladapter) { prepend CarefulAdapter }
