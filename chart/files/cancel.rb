# Loaded into Rails while it migrates. At SIGTERM a statement may run for hours more, and a transaction cannot be
# rolled back before it ends: so it is cancelled in the database first, then Rails leaves as at every SIGTERM.
Signal.trap('TERM') do
  Thread.new do
    ObjectSpace.each_object(PG::Connection) { |connection| connection.cancel unless connection.finished? } if defined?(PG::Connection)
  ensure
    Thread.main.raise(SignalException, 'TERM')
  end
end
