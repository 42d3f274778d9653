# Answers GET /metrics in its own thread, and accepts whatever is pushed to it.
require 'socket'

module Exporter
  def self.start(host, port, prefix: 'mastodon_')
    server = TCPServer.new(host, port.to_i)
    Thread.new { loop { serve(server.accept, prefix) } }
  end

  def self.serve(socket, prefix)
    path = socket.gets.to_s.split[1]
    socket.gets until $_.nil? || $_.strip.empty?
    body = path == '/metrics' ? "# TYPE #{prefix}up gauge\n#{prefix}up 1\n" : "OK\n"
    socket.write "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
  rescue SystemCallError, IOError
    nil
  ensure
    socket.close
  end
end
