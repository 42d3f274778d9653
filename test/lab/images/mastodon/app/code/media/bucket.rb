require 'aws-sdk-s3' if ENV['S3_ENABLED'] == 'true'

# Uploads in a bucket. Each variable means to the real SDK what it means in the real application.
class Media::Bucket
  # What is sent with each object. A permission that is set, but empty, is none.
  def write(name, source)
    object(name).upload_file(source, {
      content_type: 'application/octet-stream', cache_control: 'public, max-age=315576000, immutable',
      acl: ENV.fetch('S3_PERMISSION', 'public-read').presence, storage_class: ENV['S3_STORAGE_CLASS'],
      multipart_threshold: ENV.fetch('S3_MULTIPART_THRESHOLD', 15.megabytes).to_i,
    }.compact)
  end

  def fetch(name)
    Tempfile.create('fetched') do |file|
      mode = { mode: ('single_request' if ENV['S3_FORCE_SINGLE_REQUEST'] == 'true'),
               checksum_mode: ('DISABLED' unless ENV['S3_ENABLE_CHECKSUM_MODE'] == 'true') }
      object(name).download_file(file.path, mode.compact)
      yield file.path
    end
  end

  # An endpoint does not change the host: without S3_HOSTNAME it is Amazon's.
  def url(name)
    host = ENV['S3_ALIAS_HOST'] || ENV['S3_CLOUDFRONT_HOST'] ||
           "#{ENV.fetch('S3_HOSTNAME', "s3-#{region}.amazonaws.com")}/#{ENV['S3_BUCKET']}"
    "#{ENV.fetch('S3_PROTOCOL', 'https')}://#{host}/#{key(name)}"
  end

  private

  def key(name) = [ENV['S3_KEY_PREFIX'], 'media_attachments', name].compact.join('/')
  def object(name) = resource.bucket(ENV['S3_BUCKET']).object(key(name))
  def region = ENV.fetch('S3_REGION', 'us-east-1')
  def resource = @resource ||= Aws::S3::Resource.new(region:, **keys, **endpoint, **connection)

  # Without them the SDK looks for the identity of the pod.
  def keys
    { access_key_id: ENV['AWS_ACCESS_KEY_ID'], secret_access_key: ENV['AWS_SECRET_ACCESS_KEY'] }.compact
  end

  def endpoint
    return {} unless ENV.key?('S3_ENDPOINT')

    { endpoint: ENV['S3_ENDPOINT'], force_path_style: ENV['S3_OVERRIDE_PATH_STYLE'] != 'true' }
  end

  def connection
    { signature_version: ENV.fetch('S3_SIGNATURE_VERSION', 'v4'), retry_limit: ENV.fetch('S3_RETRY_LIMIT', 0).to_i,
      http_open_timeout: ENV.fetch('S3_OPEN_TIMEOUT', 5).to_i, http_read_timeout: ENV.fetch('S3_READ_TIMEOUT', 5).to_i,
      http_idle_timeout: 5 }
  end
end
