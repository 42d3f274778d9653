# What the two migration Jobs share.
require 'fileutils'
require_relative 'database'
require_relative 'leftovers'

$stdout.sync = true
ATTEMPTS = 3

# Runs a task of Rails; true if it succeeded. A block gets the lines of its complaints.
def rails(task, **variables)
  reader, writer = IO.pipe
  pid = spawn(variables.transform_keys(&:to_s), 'bundle', 'exec', 'rake', '--rakefile', "#{__dir__}/rakefile.rb", task,
              chdir: Migrations::ROOT, err: writer)
  writer.close
  stopped = false
  # Rails leaves a migration cleanly: what runs is cancelled, the transaction rolled back.
  Signal.trap('TERM') do
    stopped = true
    Process.kill('TERM', pid)
  end
  reader.each_line do |line|
    warn line
    yield line if block_given?
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

# Waits until the block says yes of the database. Connects again each time: the server may be restarted meanwhile.
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

# The database, locked for this Job. Ends if this image or these keys do not fit it.
def ready_database
  FileUtils.mkdir_p(ENV.fetch('TMPDIR'), mode: 0o700)
  database = Database.wait.tap(&:lock)
  sentence = database.newer || database.wrong_keys
  refuse(sentence) if sentence
  database
end

# Says that code without these migrations cannot run from now on. Written before the first of them begins.
def note_after(database) = database.add_noted('post_migrated', Migrations.after)
