# The store of uploads: a bucket or a folder, as in the real application.
module Media
  STORE = ENV['S3_ENABLED'] == 'true' ? Media::Bucket.new : Media::Folder.new

  class << self
    delegate :write, :fetch, :url, to: :store

    private

    def store = STORE
  end
end
