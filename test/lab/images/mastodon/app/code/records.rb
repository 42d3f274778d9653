# The tables that tests read: page loads, uploads, tokens and ticks of the scheduler.
module Records
  class Visit < ActiveRecord::Base; self.table_name = 'visits' end
  class Upload < ActiveRecord::Base; self.table_name = 'uploads' end
  class Token < ActiveRecord::Base; self.table_name = 'oauth_access_tokens' end
  class Tick < ActiveRecord::Base; self.table_name = 'ticks' end
end
