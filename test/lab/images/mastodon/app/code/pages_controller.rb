require 'sidekiq/api'

class PagesController < ActionController::API
  rescue_from StandardError do |error|
    logger.error "#{error.class}: #{error.message}"
    status = error.class.name == 'Seahorse::Client::NetworkingError' ? 503 : 500
    render json: { error: "#{error.class}: #{error.message.lines.first.strip}" }, status:
  end
  before_action :refuse_blocked_address
  before_action :refuse_spoofed_address, except: :health

  def health = render(plain: 'OK')

  # A page load uses the database, Redis, Sidekiq and the streaming server.
  def home
    key = Account.key_of('mastodon.internal')
    raise 'the instance actor has no key: it cannot sign' if key.blank?

    loads = REDIS.incr('loads')
    REDIS.publish('timeline:public', { load: loads }.to_json)
    VisitWorker.perform_async(request.host)
    render json: { loads:, version: Mastodon::VERSION, key_digest: Digest::SHA256.hexdigest(key)[0, 8] }
  end

  def instance
    render json: { domain: Rails.configuration.x.local_domain, title: 'Stand-in', version: Mastodon::VERSION,
                   pending_migrations: pending_migrations }
  end

  def streaming = head(:not_found)

  # The real one asks for a login.
  def sidekiq = render(plain: 'Sidekiq')

  # Scripts of other sites may read it.
  def webfinger
    response.headers['Access-Control-Allow-Origin'] = '*'
    render json: { subject: params[:resource] }
  end

  # Reads the database only, so it works without Redis.
  def timeline = render(json: Records::Visit.order(id: :desc).limit(20))

  def home_timeline
    Records.from_replica do
      role, replays = ActiveRecord::Base.connection.select_rows('SELECT current_user, pg_is_in_recovery()').first
      render json: { role:, replays:, visits: Records::Visit.count }
    end
  end

  # Accounts, as the search server finds them.
  def search = render(json: { accounts: SearchServer.accounts(params[:q]) })

  # What a post needs of Redis: it is announced, and distributed by a job.
  def post
    REDIS.publish('timeline:public', { status: params[:status] }.to_json)
    VisitWorker.perform_async(request.host)
    render json: { status: params[:status] }
  end

  # A token for the streaming server, as an application gets it when its user signs in.
  def token
    render json: { access_token: Records::Token.create!(token: SecureRandom.urlsafe_base64(32)).token }
  end

  # Spools to a file like a multipart upload, so that it fails where Dir.tmpdir does not work.
  def upload
    Tempfile.create('upload', binmode: true) do |spool|
      spool.write(request.raw_post)
      spool.flush
      Media.write(params[:name], spool.path)
    end
    Records::Upload.find_or_create_by!(name: params[:name])
    UploadWorker.perform_async(params[:name])
    render json: { url: Media.url(params[:name]) }, status: 202
  end

  def media
    render json: Records::Upload.find_by!(name: params[:name]).as_json.merge(url: Media.url(params[:name]))
  end

  # At once, so that an error is the answer, or by a job, as the real one does.
  def mail
    bulk = params[:bulk] == 'true'
    params[:job] == 'true' ? MailWorker.perform_async(bulk) : Mailer.deliver(bulk:)
    head :accepted
  end

  def state
    render json: {
      version: Mastodon::VERSION, visits: Records::Visit.count, accounts: Account.pluck(:username),
      schedulers: Records::Tick.where(created_at: 10.seconds.ago..).distinct.pluck(:scheduled_by),
      sidekiq: Sidekiq::ProcessSet.new.map { |p| { host: p['hostname'], queues: p['queues'], busy: p['busy'] } },
      queues: Sidekiq::Queue.all.to_h { |q| [q.name, q.size] }, pending_migrations: pending_migrations,
    }
  end

  private

  # The list is in the cache for ten minutes, otherwise in the database. Nobody is on it.
  def refuse_blocked_address
    blocked = Rails.cache.fetch('blocked_ips') { Records::Visit.where('false').pluck(:host) }
    head :forbidden if blocked.include?(request.ip)
  end

  def pending_migrations
    context = ActiveRecord::MigrationContext.new(Dir[Rails.root.join('db/{migrate,post_migrate}').to_s])
    done = context.get_all_versions
    context.migrations.reject { |m| done.include?(m.version) }.map { |m| "#{m.version} #{m.name}" }
  end

  def refuse_spoofed_address
    return if request.headers['X-Forwarded-For'].blank?

    trusted = Rails.configuration.action_dispatch.trusted_proxies || ActionDispatch::RemoteIp::TRUSTED_PROXIES
    # Mastodon's Puma does that itself, Debian's is older.
    peer = IPAddr.new(request.get_header('REMOTE_ADDR')).native
    return if trusted.any? { |range| range === peer }

    raise ActionDispatch::RemoteIp::IpSpoofAttackError, "IP spoofing attack?! #{peer} is not a trusted proxy"
  end
end
