# What the two migration Jobs share.
require 'fileutils'
require_relative 'database'

$stdout.sync = true
ATTEMPTS = 3

def rails(*words, **variables)
  options = [ENV.fetch('RUBYOPT', nil), "-r#{__dir__}/cancel"].compact.join(' ')
  pid = spawn({ 'RUBYOPT' => options, **variables.transform_keys(&:to_s) }, 'bundle', 'exec', 'rails', *words, chdir: Migrations::ROOT)
  stopped = false
  # Rails leaves a migration cleanly: what runs is cancelled, the transaction rolled back.
  Signal.trap('TERM') do
    stopped = true
    Process.kill('TERM', pid)
  end
  Process.wait(pid)
  Signal.trap('TERM', 'DEFAULT')
  exit 143 if stopped || $?.signaled?
  $?.success?
end

def attempt(what)
  ATTEMPTS.times do |number|
    return if yield

    puts "#{what} failed (attempt #{number + 1} of #{ATTEMPTS})."
    sleep 5
  end
  refuse "#{what} failed; see the log above. Fix the cause, then raise jobs.#{ENV.fetch('JOB')}.generation and upgrade: " \
         'what is done is kept, the rest runs again.'
end

# Waits until the block says yes of the database. Connects anew each time: the server may be restarted meanwhile.
def wait_until(message)
  puts message
  loop do
    database = Database.wait
    return if yield database

    sleep 2
  rescue PG::Error => e
    puts "The connection to the database was lost: #{e.message.strip.lines.first}"
  ensure
    database&.close
  end
end

# The database, locked for this Job.
def ready_database
  FileUtils.mkdir_p(ENV.fetch('TMPDIR'), mode: 0o700)
  Database.wait.tap(&:lock)
end

# Says that code which does not know these migrations can no longer run; the gate looks at it.
def note_post_migrated(database)
  return unless (Migrations.after - database.versions).empty?

  database.write_note('post_migrated', [Migrations.after.max, database.note('post_migrated')].map(&:to_i).max)
end
