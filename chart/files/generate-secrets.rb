# Makes the keys and passwords that nobody supplied, once: what is there is never replaced.
require 'openssl'
require 'securerandom'

def vapid
  key = OpenSSL::PKey::EC.generate('prime256v1')
  { 'VAPID_PRIVATE_KEY' => key.private_key.to_s(2).rjust(32, "\0"), 'VAPID_PUBLIC_KEY' => key.public_key.to_bn.to_s(2) }
    .transform_values { |bytes| [bytes].pack('m0').tr('+/', '-_') }
end

def make(name)
  case name
  when 'SECRET_KEY_BASE', 'OTP_SECRET' then SecureRandom.hex(64)
  when /\AACTIVE_RECORD_ENCRYPTION_/ then SecureRandom.alphanumeric(32)
  else SecureRandom.alphanumeric(40)
  end
end

# The two halves of the Web Push key belong together: a missing half makes a new pair only if both are missing.
def missing(names, present)
  lacking = names - present.keys
  halves = lacking.grep(/\AVAPID_/)
  abort "The Secret has only one half of the VAPID pair; #{halves.first} is missing. Add it." if halves.size == 1
  made = (lacking - halves).to_h { |name| [name, make(name)] }
  halves.any? ? made.merge(vapid) : made
end

JSON.parse(ENV.fetch('SECRETS')).each do |name, keys|
  present = Kubernetes.secret(name)
  added = missing(keys, present || {})
  if added.empty?
    puts "The Secret #{name} has all keys."
  else
    # Applying only what is new would remove what an earlier run applied, so all of it is sent; equal values do not conflict.
    Kubernetes.apply_secret(name, (present || {}).merge(added), JSON.parse(ENV.fetch('LABELS')))
    puts "The Secret #{name} got #{added.keys.sort.join(', ')}."
  end
end
