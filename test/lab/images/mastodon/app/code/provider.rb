require 'openid_connect' if ENV['OIDC_ENABLED'] == 'true'

# The OpenID provider, asked through the library that the real application uses; only omniauth's strategy, which Debian does
# not have, is done here. Each variable means what it means there.
class Provider
  def self.setting(name, default = nil) = ENV.fetch("OIDC_#{name}", default)
  delegate :setting, to: :class

  # What the session must remember until the user comes back.
  def self.secrets = { state: SecureRandom.hex(16), nonce: SecureRandom.hex(16), verifier: SecureRandom.hex(64) }

  def initialize(secrets)
    @secrets = secrets.symbolize_keys
  end

  def address
    proof = { code_challenge: Base64.urlsafe_encode64(Digest::SHA256.digest(@secrets[:verifier]), padding: false),
              code_challenge_method: 'S256' }
    client.authorization_uri({
      response_type: setting('RESPONSE_TYPE', 'code'), response_mode: setting('RESPONSE_MODE'), scope:, prompt: setting('PROMPT'),
      state: @secrets[:state], nonce: (@secrets[:nonce] if nonce?), **(pkce? ? proof : {})
    }.compact)
  end

  # The claims about the user whom the code stands for.
  def claims(code)
    client.authorization_code = code
    token = client.access_token!({
      scope: (scope if setting('SEND_SCOPE_TO_TOKEN_ENDPOINT', 'true') == 'true'),
      client_auth_method: setting('CLIENT_AUTH_METHOD'), code_verifier: (@secrets[:verifier] if pkce?)
    }.compact)
    OpenIDConnect::ResponseObject::IdToken.decode(token.id_token, keys).verify!(
      { issuer: setting('ISSUER'), client_id: setting('CLIENT_ID'), nonce: (@secrets[:nonce] if nonce?) }.compact,
    )
    token.userinfo!.raw_attributes
  end

  private

  def scope = setting('SCOPE').split(',')
  def pkce? = setting('USE_PKCE') == 'true'
  def nonce? = setting('SEND_NONCE', 'true') == 'true'

  # What the provider says of itself, if it is asked.
  def discovered
    return unless setting('DISCOVERY') == 'true'

    @discovered ||= OpenIDConnect::Discovery::Provider::Config.discover!(setting('ISSUER'))
  end

  def keys
    discovered&.jwks || JSON::JWK::Set.new(OpenIDConnect.http_client.get(setting('JWKS_URI')).body)
  end

  def client
    @client ||= OpenIDConnect::Client.new(
      identifier: setting('CLIENT_ID'), secret: setting('CLIENT_SECRET'), redirect_uri: setting('REDIRECT_URI'),
      scheme: setting('HTTP_SCHEME'), host: setting('HOST'), port: setting('PORT'),
      authorization_endpoint: discovered&.authorization_endpoint || setting('AUTH_ENDPOINT'),
      token_endpoint: discovered&.token_endpoint || setting('TOKEN_ENDPOINT'),
      userinfo_endpoint: discovered&.userinfo_endpoint || setting('USER_INFO_ENDPOINT'),
    )
  end
end
