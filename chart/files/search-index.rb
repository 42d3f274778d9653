# Builds the indexes of the search server, unless they are there already. Safe to run again.
require 'digest'
require 'json'
require 'net/http'
require_relative 'database'

$stdout.sync = true
INDEXES = %w[instances accounts tags public_statuses statuses].map do |name|
  [ENV.fetch('ES_PREFIX', ''), name].reject(&:empty?).join('_')
end

module Server
  REMEDIES = {
    /401|403/ => 'Correct search.user and search.password.',
    /certificate/ => 'It must be signed by the authority in search.ca or caBundle, and be made for search.host.',
    /wrong version number|record layer/ => 'It has no TLS. Remove https:// from search.host.',
    /\A400/ => 'Put https:// in front of search.host if it has TLS.'
  }.freeze

  module_function

  def address
    host = ENV.fetch('ES_HOST', 'localhost')
    URI("#{'http://' unless host.include?('://')}#{host}:#{ENV.fetch('ES_PORT', '9200')}")
  end

  def get(path)
    request = Net::HTTP::Get.new(path)
    user = ENV.fetch('ES_USER', '')
    request.basic_auth(user, ENV.fetch('ES_PASS', '')) unless user.empty?
    # Through http_proxy unless no_proxy has the host, as Mastodon's client does.
    http = Net::HTTP.new(address.host, address.port)
    http.use_ssl = address.scheme == 'https'
    http.ca_file = ENV['ES_CA_FILE'] if ENV['ES_CA_FILE']
    http.open_timeout = http.read_timeout = 10
    http.request(request)
  end

  # Waits until the server answers: it may start at the same time as this pod.
  def wait
    Login.to('the search server', REMEDIES) do
      response = get("/#{INDEXES.first}")
      # 503 is said by a server that is starting, and by a proxy in front of one that is down.
      raise 'timeout' if response.is_a?(Net::HTTPServerError)
      raise "#{response.code} #{response.message}" unless response.code.match?(/\A(200|404)\z/)
    end
  end

  def indexed? = INDEXES.all? { |name| get("/#{name}").code == '200' }

  # How many documents there are in each index, for the log. While tootctl fills an index, nothing in it counts before a
  # refresh.
  def counts
    INDEXES.filter_map do |name|
      get("/#{name}/_refresh")
      response = get("/#{name}/_count")
      "#{JSON.parse(response.body)['count']} in #{name}" if response.code == '200'
    end.join(', ')
  rescue StandardError
    ''
  end
end

# What the indexes depend on. Credentials and addresses are of no use to anybody in this form.
def fingerprint
  names = %w[ES_HOST ES_PORT ES_PRESET ES_PREFIX MASTODON ARGUMENTS GENERATION]
  Digest::SHA256.hexdigest(names.map { |name| ENV.fetch(name, '') }.join("\0"))
end

def report
  loop do
    sleep 30
    found = Server.counts
    puts "So far: #{found}." unless found.empty?
  end
end

# Runs tootctl; true if it succeeded.
def deploy
  pid = spawn('tootctl', 'search', 'deploy', *ENV.fetch('ARGUMENTS').split, chdir: Migrations::ROOT)
  Signal.trap('TERM') { Process.kill('TERM', pid) }
  reporter = Thread.new { report }
  Process.wait(pid)
  reporter.kill
  $?.success?
end

Server.wait
note = Database.wait.then { |database| database.note('search_index').tap { database.close } }
if note == fingerprint && Server.indexed?
  puts "Nothing to do: the indexes were built for this server and version. #{Server.counts}."
  exit
end

puts "Building the indexes at #{Server.address}."
unless deploy
  refuse 'tootctl search deploy failed; see the log above. Fix the cause, then raise jobs.searchIndex.generation and upgrade: ' \
         'it is safe to run again.'
end
# The connection of before may have been closed meanwhile.
Database.wait.tap { |database| database.write_note('search_index', fingerprint) }.close
puts "Done: #{Server.counts}."
