# Keeps a pod from starting before the database fits its image; the first container of every Ruby pod.
require 'fileutils'
require 'socket'
require_relative 'database'

$stdout.sync = true

# A volume's directory belongs to everybody; Ruby refuses such a one for temporary files.
FileUtils.mkdir_p(ENV.fetch('TMPDIR'), mode: 0o700)

def newer_sentence(schema)
  "The database was migrated to #{schema} by a newer Mastodon, but this image only knows #{Migrations.newest}. " \
    'Go back to the newer version; the older one can no longer use this database.'
end

# Why the pod must wait, or nil.
def reason(database)
  done = database.versions
  return 'the migration has not begun' if done.empty? || database.note('encryption_keys').nil?

  (sentence = database.wrong_keys) && refuse(sentence)
  final = database.note('post_migrated').to_i
  refuse(newer_sentence(final)) if final > Migrations.after.max.to_i

  pending = Migrations.before - done
  "#{pending.size} migrations are pending, the next one is #{pending.min}" if pending.any?
end

def redis_address
  url = ENV.fetch('REDIS_URL', '')
  return [ENV.fetch('REDIS_HOST', 'localhost'), ENV.fetch('REDIS_PORT', 6379)] if url.empty?

  address = URI(url)
  [address.hostname, address.port || 6379]
rescue URI::InvalidURIError
  refuse 'REDIS_URL is not a URL. Escape special characters in its password (%40 for @).'
end

def wait_for_redis
  return if ENV['REDIS_SENTINELS']

  Socket.tcp(*redis_address, connect_timeout: 5).close
rescue SystemCallError, SocketError => e
  puts "Waiting for Redis: #{e.message}"
  sleep 2
  retry
end

database = Database.wait
told = nil
while (why = reason(database))
  puts "Waiting: #{why}." if why != told
  told = why
  sleep 2
end
wait_for_redis
puts "The database fits this image (#{Migrations.newest})."
