# Brings the schema to where this image can start, before its pods do. Safe to run again at any point.
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

def check(database)
  (sentence = database.wrong_keys) && refuse(sentence)
  known = [Migrations.newest, *%w[pre_migrated post_migrated].map { |name| database.note(name).to_i }].max
  newest = database.versions.max.to_i
  return if newest <= known

  refuse "The database is at #{newest}, from a newer Mastodon, but this image only knows #{Migrations.newest}. Use that version or a newer one."
end

# An empty database: schema and seeds. The note makes sure that seeding is not forgotten if it is interrupted.
def prepare(database)
  database.write_note('seeds', 'pending')
  attempt('Preparing the database') { rails('db:prepare') && rails('db:seed') }
  database.write_note('seeds', 'done')
end

def migrate(database)
  pending = Migrations.before + Migrations.after - database.versions
  return puts('Nothing is pending.') if pending.empty?

  skip = ENV['HOLD'] || application_running? ? { SKIP_POST_DEPLOYMENT_MIGRATIONS: 'true' } : {}
  puts skip.empty? ? 'The application is not running: all migrations.' : 'Only the migrations before the deployment.'
  attempt('The migration') do
    database.drop_invalid_indexes
    rails('db:migrate', **skip)
  end
end

wait_for_import if ENV['AWAIT_IMPORT']
database = ready_database
check(database)
if database.empty? || database.note('seeds') == 'pending'
  prepare(database)
else
  migrate(database)
end
database.write_note('encryption_keys', Database.fingerprint)
database.write_note('pre_migrated', [Migrations.before.max, database.note('pre_migrated').to_i].max)
note_post_migrated(database)
puts 'Done.'
