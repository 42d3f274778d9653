class Keypair < ActiveRecord::Base
  encrypts :private_key
end
