# The tables that tests read: page loads, uploads, tokens and ticks of the scheduler.
module Records
  # As in the real application, what a reader of home timelines asks for comes from the replica, if there is one: it is never
  # replaced by the server.
  def self.from_replica(&) = REPLICA ? ActiveRecord::Base.connected_to(role: :reading, prevent_writes: true, &) : yield

  REPLICA = ActiveRecord::Base.configurations.configs_for(env_name: Rails.env, name: 'replica', include_hidden: true)
  ActiveRecord::Base.connects_to(database: { writing: :primary, reading: :replica }) if REPLICA

  class Visit < ActiveRecord::Base; self.table_name = 'visits' end
  class Upload < ActiveRecord::Base; self.table_name = 'uploads' end
  class Token < ActiveRecord::Base; self.table_name = 'oauth_access_tokens' end
  class Tick < ActiveRecord::Base; self.table_name = 'ticks' end
end
