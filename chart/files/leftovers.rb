# What a migration that was killed leaves behind in the server.
require 'zlib'

module Leftovers
  # Rails' lock for migrations: its number times the checksum of the database's name.
  RAILS = 2_053_462_845

  module_function

  def clear(database)
    # Without a sign from its client the server builds an index to its end; Rails would refuse to begin meanwhile.
    wait_while { at_work(database) }
    drop_invalid_indexes(database)
  end

  def at_work(database)
    index = database.rows('SELECT relid::regclass FROM pg_stat_progress_create_index WHERE datname = current_database()').dig(0, 0)
    return "the server is still building an index of #{index}, for a run that was interrupted" if index

    'another session is migrating the database' if lock_taken?(database)
  end

  def lock_taken?(database)
    number = RAILS * Zlib.crc32(database.rows('SELECT current_database()').dig(0, 0))
    database.rows("SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database()
                   AND locktype = 'advisory' AND objsubid = 1 AND (classid::bigint << 32) + objid::bigint = $1", number).any?
  end

  def drop_invalid_indexes(database)
    database.rows("SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                   WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace
                   AND indexrelid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index)").flatten.each do |index|
      puts "Dropping the unfinished index #{index}"
      database.rows("DROP INDEX #{index}")
    end
  end
end
