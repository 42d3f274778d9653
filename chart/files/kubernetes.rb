# The Kubernetes API from inside a pod, with the standard library.
require 'base64'
require 'json'
require 'net/http'

module Kubernetes
  ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
  MANAGER = 'mastodon-chart'

  module_function

  def namespace = File.read("#{ACCOUNT}/namespace")

  # The object at a path below the namespace, or nil if there is none.
  def get(path, group: 'api/v1') = call(Net::HTTP::Get.new("/#{group}/namespaces/#{namespace}/#{path}"))

  # The pods of web and sidekiq that have not ended, of this chart in this release: other charts may be beside it.
  def application_pods
    labels = { 'instance' => ENV.fetch('RELEASE'), 'name' => ENV.fetch('CHART') }
    selector = labels.map { |name, value| "app.kubernetes.io/#{name}=#{value}" }.join(',')
    get("pods?labelSelector=#{URI.encode_www_form_component(selector)}")['items'].select do |pod|
      component = pod.dig('metadata', 'labels', 'app.kubernetes.io/component').to_s
      component.match?(/\A(web|sidekiq-.*)\z/) && !%w[Succeeded Failed].include?(pod.dig('status', 'phase'))
    end
  end

  # Creates a Secret or adds to it; `strings` is a map. Values of other managers stay.
  def apply_secret(name, strings, labels)
    secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name:, labels: }, type: 'Opaque',
               data: strings.transform_values { |value| Base64.strict_encode64(value) } }
    request = Net::HTTP::Patch.new("/api/v1/namespaces/#{namespace}/secrets/#{name}?fieldManager=#{MANAGER}")
    request['Content-Type'] = 'application/apply-patch+yaml'
    request.body = JSON.generate(secret)
    call(request)
  end

  # The values of a Secret, or nil if there is no such Secret.
  def secret(name) = get("secrets/#{name}")&.then { |object| (object['data'] || {}).transform_values { |v| Base64.decode64(v) } }

  def call(request)
    request['Authorization'] = "Bearer #{File.read("#{ACCOUNT}/token")}"
    response = patiently { http.request(request) }
    return if response.is_a?(Net::HTTPNotFound)
    return JSON.parse(response.body) if response.is_a?(Net::HTTPSuccess)

    raise "#{request.method} #{request.path}: #{response.code} #{JSON.parse(response.body)['message']}"
  end

  # The API server may be restarted or busy for a moment; a roll-out takes longer than that.
  def patiently(attempts = 20)
    response = yield
    return response unless response.is_a?(Net::HTTPServerError) || response.is_a?(Net::HTTPTooManyRequests)

    raise SystemCallError, "the API server answered #{response.code}"
  rescue SystemCallError, SocketError, Timeout::Error, OpenSSL::SSL::SSLError, IOError => e
    raise if (attempts -= 1).zero?

    puts "The Kubernetes API does not answer: #{e.message}" if attempts == 19
    sleep 3
    retry
  end

  def http
    host = ENV.fetch('KUBERNETES_SERVICE_HOST')
    Net::HTTP.new(host, ENV.fetch('KUBERNETES_SERVICE_PORT'), nil).tap do |http|
      http.use_ssl = true
      http.ca_file = "#{ACCOUNT}/ca.crt"
    end
  end
end
