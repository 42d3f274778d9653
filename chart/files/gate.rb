# Keeps a pod from starting before the database fits its image; the first container of every Ruby pod.
require 'fileutils'
require 'tmpdir'
require_relative 'database'
require_relative 'redis-login'

$stdout.sync = true

# A volume's directory belongs to everybody; Ruby refuses such a one for temporary files.
def make_tmpdir
  folder = File.expand_path(ENV.fetch('TMPDIR'))
  FileUtils.mkdir_p(folder, mode: 0o700)
  return if Dir.tmpdir == folder

  refuse "Ruby does not use TMPDIR (#{folder}), as everybody may write there. Name a folder inside it, such as #{folder}/ruby: it is created."
rescue SystemCallError, ArgumentError => e
  refuse "TMPDIR (#{folder}) cannot be used: #{e.message}. Name a folder on a volume to which this container may write."
end

make_tmpdir

# Why the pod must wait, or nil.
def reason(database)
  done = database.versions
  return 'the migration has not begun' if done.empty? || database.note('encryption_keys').nil?

  (sentence = database.wrong_keys) && refuse(sentence)
  (sentence = database.newer) && refuse(sentence)
  pending = Migrations.before - done
  "#{pending.size} migrations are pending, the next one is #{pending.min}" if pending.any?
end

database = Database.wait
Database.greet_replica
RedisLogin.wait
wait_while { reason(database) }
# It may have been restarted meanwhile.
RedisLogin.wait
puts "The database fits this image (#{Migrations.newest})."
