# Uploads on the volume below public/system.
class Media::Folder
  def write(name, source)
    FileUtils.mkdir_p(path(name).dirname)
    FileUtils.cp(source, path(name))
  end

  def fetch(name) = yield(path(name).to_s)

  def url(name) = "/system/media_attachments/#{name}"

  private

  def path(name) = Rails.public_path.join('system', 'media_attachments', name)
end
