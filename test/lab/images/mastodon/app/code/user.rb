class User < ActiveRecord::Base
  belongs_to :account
  encrypts :otp_secret
end
