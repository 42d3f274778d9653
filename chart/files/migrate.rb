# Brings the schema to where this image can start, before its pods do. Safe to run again at any point.
require_relative 'keys'
require_relative 'kubernetes'
require_relative 'migration'

# Pods of web and sidekiq in which the application was started. Those that wait at the gate do not count.
def application_running?
  Kubernetes.application_pods.any? do |pod|
    (pod.dig('status', 'conditions') || []).any? { |c| c['type'] == 'Initialized' && c['status'] == 'True' }
  end
end

def wait_for_import
  wait_until('Waiting for the import of the database.') { |database| database.note('import') }
end

# Broken off before the seeds were complete, so that nobody has used the database. Nobody's rows are ever dropped.
def half_made?(database)
  database.note('seeds') == 'pending' && !(database.table?('users') && database.rows('SELECT FROM users LIMIT 1').any?)
end

# An empty database: schema and seeds. The note makes sure that nothing of that is forgotten if it is interrupted.
def prepare(database)
  database.write_note('seeds', 'pending')
  attempt('Preparing the database') do
    # Mastodon makes sequences after it has recorded the migrations, and Rails loads a schema only if none are recorded.
    database.rows('DROP TABLE IF EXISTS schema_migrations')
    rails('db:prepare') && rails('db:seed')
  end
  database.write_note('seeds', 'done')
end

def migrate(database)
  pending = Migrations.all - database.versions
  return puts('Nothing is pending.') if pending.empty?

  skip = ENV['HOLD'] || application_running? ? { SKIP_POST_DEPLOYMENT_MIGRATIONS: 'true' } : {}
  puts skip.empty? ? 'The application is not running: all migrations.' : 'Only the migrations before the deployment.'
  note_after(database) if skip.empty?
  attempt('The migration') do
    Leftovers.clear(database)
    too_old = false
    done = rails('db:migrate', **skip) { |line| too_old ||= line.include?('SKIP_POST_DEPLOYMENT_MIGRATIONS') }
    refuse(TOO_OLD) if too_old && !done
    done
  end
end

# Rails' task ends at once then, and only its log says why.
TOO_OLD = 'The database is from a Mastodon so old that it can only be migrated while web and sidekiq are stopped. ' \
          'Set maintenance to true, remove jobs.postMigrate.hold, raise jobs.migrate.generation and upgrade; ' \
          'when the Job has finished, remove maintenance and upgrade again.'

wait_for_import if ENV['AWAIT_IMPORT']
database = ready_database
Keys.prove(database) unless database.note('encryption_keys')
fresh = database.empty? || half_made?(database)
database.add_noted('pre_migrated', Migrations.before)
fresh ? prepare(database) : migrate(database)
database.write_note('encryption_keys', Database.fingerprint)
note_after(database) if (Migrations.after - database.versions).empty?
puts 'Done.'
