# Creates the first administrator. tootctl makes the password; it is kept in a Secret and never printed.
require 'open3'
require_relative 'database'
require_relative 'kubernetes'

NAME, USER, EMAIL = %w[SECRET ADMIN_USERNAME ADMIN_EMAIL].map { |name| ENV.fetch(name) }

def tootctl(*words) = Open3.capture2e('tootctl', *words, chdir: Migrations::ROOT)

def store(values) = Kubernetes.apply_secret(NAME, { 'username' => USER, 'email' => EMAIL, **values }, JSON.parse(ENV.fetch('LABELS')))

# Runs tootctl and keeps the password that it prints.
def keep_password(*words)
  output, status = tootctl(*words)
  return output unless status.success?

  store('password' => output[/^New password: (\S+)/, 1] || abort('tootctl printed no password.'))
  nil
end

# What tootctl says of a failure, as one line.
def in_one_line(trouble) = trouble.lines.map(&:strip).reject(&:empty?).join(' ')

# Whether tootctl complains about this attribute in this way; it names each attribute before its complaint.
def complains?(trouble, attribute, about) = trouble.to_s.match?(/^Failure\/Error: #{attribute}\s+#{about}$/)

def explain(trouble)
  if complains?(trouble, 'email', 'taken')
    "the address #{EMAIL} belongs to another account. Set another mastodon.admin.email, or set mastodon.admin.username to that account."
  elsif complains?(trouble, 'email', 'unreachable')
    domain = EMAIL.split('@', 2).last
    "the domain of #{EMAIL} accepts no mail, as far as this pod can look it up: it needs an MX, A or AAAA record. Correct " \
      "mastodon.admin.email, or, if #{domain} cannot be looked up from here, set jobs.admin.env.EMAIL_DOMAIN_ALLOWLIST to it."
  else
    in_one_line(trouble)
  end
end

stored = Kubernetes.secret(NAME)
stored = nil if stored && stored['username'] != USER
if stored&.key?('password') || stored&.fetch('state', nil) == 'kept'
  # The Secret outlives the release; the database may be another one.
  trouble, status = tootctl('accounts', 'modify', USER, '--approve')
  if status.success?
    puts "The account #{USER} was set up before; see the Secret #{NAME}."
    exit
  end
  refuse("The account #{USER} could not be looked up: #{in_one_line(trouble)}") unless trouble.match?(/no user with such username/i)
  stored = nil
end

# Written first: a run that breaks off after the account was made leaves a sign that its password is ours to reset.
store('state' => 'creating') unless stored
trouble = keep_password('accounts', 'create', USER, '--email', EMAIL, '--confirmed', '--approve', '--role', 'Owner')
if complains?(trouble, '(\S+\.)?username', 'taken')
  confirm = ['accounts', 'modify', USER, '--role', 'Owner', '--confirm', '--approve']
  if stored
    trouble = keep_password(*confirm, '--reset-password')
  else
    trouble, status = tootctl(*confirm)
    trouble = nil if status.success?
    store('state' => 'kept')
    puts "The account #{USER} already existed and keeps its password."
  end
end
refuse("The account #{USER} could not be created: #{explain(trouble)}") if trouble
puts "The account #{USER} is an Owner; see the Secret #{NAME}."
