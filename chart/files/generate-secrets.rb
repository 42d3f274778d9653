# Makes the keys and passwords that nobody supplied, once: what is there is never replaced.
require 'openssl'
require 'securerandom'

def vapid
  key = OpenSSL::PKey::EC.generate('prime256v1')
  { 'VAPID_PRIVATE_KEY' => key.private_key.to_s(2).rjust(32, "\0"), 'VAPID_PUBLIC_KEY' => key.public_key.to_bn.to_s(2) }
    .transform_values { |bytes| [bytes].pack('m0').tr('+/', '-_') }
end

# The key of an onion service in the files of tor: the secret one is expanded (RFC 8032), and the address is the public one
# with a checksum and the version.
def onion
  key = OpenSSL::PKey.generate_key('ED25519')
  seed, public_key = [key.private_to_der, key.public_to_der].map { |der| der[-32..] }
  secret = OpenSSL::Digest.digest('SHA512', seed).bytes
  secret[0] &= 248
  secret[31] = (secret[31] & 63) | 64
  checksum = OpenSSL::Digest.digest('SHA3-256', ".onion checksum#{public_key}\x03".b)[0, 2]
  letters = "#{public_key}#{checksum}\x03".b.unpack1('B*').scan(/.{5}/).map { |bits| [*'a'..'z', *'2'..'7'][bits.to_i(2)] }
  { 'hostname' => "#{letters.join}.onion",
    'hs_ed25519_public_key' => "== ed25519v1-public: type0 ==\0\0\0".b + public_key,
    'hs_ed25519_secret_key' => "== ed25519v1-secret: type0 ==\0\0\0".b + secret.pack('C*') }
end

def make(name)
  case name
  when 'SECRET_KEY_BASE', 'OTP_SECRET' then SecureRandom.hex(64)
  when /\AACTIVE_RECORD_ENCRYPTION_/ then SecureRandom.alphanumeric(32)
  else SecureRandom.alphanumeric(40)
  end
end

# What belongs together is made together: if only a part of it is missing, a new one would not fit the rest.
TOGETHER = { /\AVAPID_/ => :vapid, /\A(hostname|hs_ed25519_)/ => :onion }.freeze

def missing(names, present)
  lacking = names - present.keys
  made = TOGETHER.map do |pattern, maker|
    parts = lacking.grep(pattern)
    next {} if parts.empty?
    next send(maker) if parts == names.grep(pattern)

    abort "The Secret has only a part of what belongs together; #{parts.join(', ')} is missing. Add it."
  end.reduce(:merge)
  made.merge((lacking - made.keys).to_h { |name| [name, make(name)] })
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
