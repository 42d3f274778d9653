# Sign-in through an OpenID provider.
class SignInController < ActionController::API
  # The real one shows the message on its sign-in page.
  rescue_from StandardError do |error|
    logger.error "omniauth: (openid_connect) Authentication failure! #{error.class}, #{error.message}"
    render json: { error: error.message }, status: 401
  end

  def request_phase
    session[:openid_connect] = Provider.secrets
    redirect_to Provider.new(session[:openid_connect]).address, allow_other_host: true
  end

  def callback
    secrets = session.delete(:openid_connect) || {}
    raise params.values_at(:error, :error_description).compact.join(': ') if params[:error]
    raise "csrf_detected: Invalid 'state' parameter" if params[:state].blank? || params[:state] != secrets['state']

    account = account_of(Provider.new(secrets).claims(params[:code]))
    render json: account.slice(:username, :email, :confirmed)
  end

  private

  # The real one remembers who made the account; here it is found again by its name.
  def account_of(claims)
    name = (claims[ENV['OIDC_UID_FIELD']] || claims['sub']).gsub(/[^a-z0-9_]+/i, '').first(30)
    verified = claims['email_verified'] || ENV['OIDC_SECURITY_ASSUME_EMAIL_IS_VERIFIED'] == 'true'
    Account.create_with(email: claims['email'], confirmed: verified, approved: true).find_or_create_by!(username: name)
  end
end
