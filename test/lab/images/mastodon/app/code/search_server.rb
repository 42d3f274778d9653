require 'net/http'

# The search server: five indexes, made and filled as the real application does, so that what it can and cannot do shows.
module SearchServer
  class Error < StandardError; end

  ROWS = { 'instances' => nil, 'accounts' => Account, 'tags' => nil, 'public_statuses' => nil, 'statuses' => Records::Visit }.freeze
  TEXT = { type: 'text', analyzer: 'content', fields: { edge_ngram: { type: 'text', analyzer: 'edge_ngram' } } }.freeze
  ANALYSIS = {
    tokenizer: { edge_ngram: { type: 'edge_ngram', min_gram: 1, max_gram: 15 } },
    filter: { english_stemmer: { type: 'stemmer', language: 'english' } },
    analyzer: { content: { tokenizer: 'uax_url_email', filter: %w(lowercase asciifolding cjk_width english_stemmer) },
                edge_ngram: { tokenizer: 'edge_ngram', filter: %w(lowercase asciifolding cjk_width) } }
  }.freeze
  IDLE = { index: { refresh_interval: '30s' } }.freeze
  SPECIFICATIONS = 'chewy_specifications'.freeze

  module_function

  def deploy(batch_size:, only_mapping: false, reset_chewy: false)
    ask('DELETE', SPECIFICATIONS, missing: true) if reset_chewy
    changed = ROWS.keys.reject { |name| specified?(name) }
    changed.each { |name| only_mapping ? ask('PUT', "#{name}/_mapping", mapping) : make(name) }
    changed.each { |name| ask('PUT', "#{SPECIFICATIONS}/_doc/#{name}?refresh=true", { specification: }) }
    only_mapping ? 0 : ROWS.sum { |name, model| fill(name, model, batch_size) }
  end

  def accounts(query)
    found = ask('POST', 'accounts/_search', { query: { match: { 'name.edge_ngram' => query } } })
    found['hits']['hits'].map { |hit| hit['_source'] }
  end

  def mapping = { properties: { name: TEXT } }

  def shape
    shards = ENV['ES_PRESET'] == 'large_cluster' ? 2 : 1
    replicas = %w(small_cluster large_cluster).include?(ENV['ES_PRESET']) ? 1 : 0
    IDLE.deep_merge(index: { number_of_shards: shards, number_of_replicas: replicas }, analysis: ANALYSIS)
  end

  def specification = [Mastodon::VERSION[/\A\d+\.\d+/], shape, mapping].to_json
  def specified?(name) = ask('GET', "#{SPECIFICATIONS}/_doc/#{name}", missing: true)&.dig('_source', 'specification') == specification

  def make(name)
    ask('DELETE', name, missing: true)
    ask('PUT', name, { settings: shape, mappings: mapping })
  end

  # Meanwhile nothing that was written can be found, as it is with the real one.
  def fill(name, model, batch_size)
    rows = model ? model.order(:id).to_a : []
    ask('PUT', "#{name}/_settings", { index: { refresh_interval: -1 } })
    rows.each_slice(batch_size) do |batch|
      lines = batch.flat_map { |row| [{ index: { _id: row.id } }, { name: row.try(:username) || row.host }] }
      errors = ask('POST', "#{name}/_bulk", lines.map { |line| "#{line.to_json}\n" }.join)['errors']
      raise Error, "rows were refused by #{name}" if errors

      sleep(ENV.fetch('STANDIN_PAUSE_BETWEEN_BATCHES', 0).to_f)
    end
    rows.size
  ensure
    ask('PUT', "#{name}/_settings", IDLE)
  end

  # The answer of the server, or nil if something that may be missing is.
  def ask(method, path, body = nil, missing: false)
    request = Net::HTTPGenericRequest.new(method, !body.nil?, true, "/#{[ENV['ES_PREFIX'].presence, path].compact.join('_')}")
    request.basic_auth(ENV['ES_USER'], ENV['ES_PASS']) if ENV['ES_USER'].present?
    request['Content-Type'] = body.is_a?(String) ? 'application/x-ndjson' : 'application/json'
    request.body = body.is_a?(String) ? body : body.to_json if body
    response = server.request(request)
    return if missing && response.code == '404'
    raise Error, "[#{response.code}] #{response.body.to_s[0, 300]}" unless response.is_a?(Net::HTTPSuccess)

    JSON.parse(response.body)
  rescue SystemCallError, SocketError, OpenSSL::SSL::SSLError, Timeout::Error => e
    raise Error, e.message
  end

  # Through http_proxy unless no_proxy has the host.
  def server
    host = ENV.fetch('ES_HOST', 'localhost')
    uri = URI("#{'http://' unless host.include?('://')}#{host}:#{ENV.fetch('ES_PORT', '9200')}")
    Net::HTTP.new(uri.host, uri.port).tap do |http|
      http.use_ssl = uri.scheme == 'https'
      http.ca_file = ENV['ES_CA_FILE'] if ENV['ES_CA_FILE']
    end
  end
end
