# What the two migration Jobs share.
require 'fileutils'
require_relative 'database'

$stdout.sync = true
ATTEMPTS = 3

def rails(*words, **variables)
  pid = spawn(variables.transform_keys(&:to_s), 'bundle', 'exec', 'rails', *words, chdir: Migrations::ROOT)
  # Rails leaves a migration cleanly: the transaction is rolled back.
  Signal.trap('TERM') { Process.kill('TERM', pid) }
  Process.wait(pid)
  Signal.trap('TERM', 'DEFAULT')
  exit 143 if $?.signaled?
  $?.success?
end

def attempt(what)
  ATTEMPTS.times do |number|
    return if yield

    puts "#{what} failed (attempt #{number + 1} of #{ATTEMPTS})."
    sleep 5
  end
  refuse "#{what} failed, see the log above. Repair the cause, then raise jobs.#{ENV.fetch('JOB')}.generation and upgrade: " \
         'what was done stays, the rest is run again.'
end

# The database, for this Job alone.
def ready_database
  FileUtils.mkdir_p(ENV.fetch('TMPDIR'), mode: 0o700)
  Database.wait.tap(&:lock)
end

# Says that code which does not know these migrations can no longer run; the gate looks at it.
def note_post_migrated(database)
  return unless (Migrations.after - database.versions).empty?

  database.write_note('post_migrated', [Migrations.after.max, database.note('post_migrated')].map(&:to_i).max)
end
