# Logs in to the servers. One that is down is waited for; one that refuses the login for a minute ends the program, so
# that its restart reads a Secret that was corrected meanwhile.
require 'uri'

# Ends with one sentence; the container's status shows it.
def refuse(sentence)
  warn sentence
  File.write('/dev/termination-log', sentence) if File.writable?('/dev/termination-log')
  exit 1
end

# Waits as long as the block gives a reason to, and says each reason once.
def wait_while(pause: 2)
  told = nil
  while (why = yield)
    puts "Waiting: #{why}." if why != told
    told = why
    sleep pause
  end
end

module Login
  # In seconds: a new password reaches the server and its clients at different moments.
  PATIENCE = ENV.fetch('LOGIN_PATIENCE', 60).to_i
  # What is said of a server, or the one behind a pooler, that is down, starting or full. Anything else is an answer.
  # "Already in progress" is what Ruby makes of a Service without pods.
  ABSENT = /
    connection\ refused|already\ in\ progress|connection\ reset|broken\ pipe|timed?\ ?out|timeout|unreachable|no\ route|temporar|
    name\ or\ service\ not\ known|no\ address\ associated|could\ not\ translate|getaddrinfo|end\ of\ file|\bEOF\b|
    closed\ the\ connection|connection\ was\ closed|closed\ unexpectedly|no\ sentinels\ available|
    starting\ up|shutting\ down|not\ yet\ accepting|recovery\ mode|terminating\ connection|
    cannot\ connect\ to\ server|try\ again\ later|no\ more\ connections|
    too\ many|connection\ slots|max\ number\ of\ clients|\ALOADING|\AMASTERDOWN
  /xi

  # Returns what the block returns once the server lets it in. `remedies` is a map from a pattern in the server's
  # answer to what helps. With `optional` a server that stays away is waited for no longer than one that says no.
  def self.to(server, remedies, optional: false)
    since = told = nil
    began = now
    begin
      yield
    rescue URI::InvalidURIError
      # Its message has the password.
      raise
    rescue StandardError => e
      answer = answer_in(e.message)
      why = answer || e.message.lines.first.to_s.strip
      puts "Waiting for #{server}: #{why}" if why != told
      told = why
      since = answer && (since || now)
      refuse(sentence(server, answer, remedies)) if answer && now - since >= PATIENCE
      return puts("Going on without #{server}.") if optional && !answer && now - began >= PATIENCE

      sleep 2
      retry
    end
  end

  # The first line with an answer: libpq prints one for each address of the host and each attempt.
  def self.answer_in(message)
    lines = message.lines.grep_v(/\A\s/).map { |line| line.strip.squeeze(' ') }
    lines.find { |line| !ABSENT.match?(line) }
  end

  def self.sentence(server, answer, remedies)
    remedy = remedies.find { |pattern, _| pattern.match?(answer) }&.last
    again = "Then raise jobs.#{ENV['JOB']}.generation and upgrade." if ENV['JOB']
    ["#{server} refuses the login: #{answer.delete_suffix('.')}.", remedy, again].compact.join(' ')
  end

  def self.now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
end
