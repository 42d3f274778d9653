# The migrations in this image: those before and those after a deployment.
module Migrations
  ROOT = ENV.fetch('MASTODON_ROOT', '/opt/mastodon')

  def self.in(folder) = Dir["#{ROOT}/db/#{folder}/*.rb"].map { |file| File.basename(file).to_i }
  def self.before = self.in('migrate')
  def self.after = self.in('post_migrate')
  def self.all = before + after
  def self.newest = all.max

  # The tables that loading the schema makes.
  def self.tables
    schema = "#{ROOT}/db/schema.rb"
    File.exist?(schema) ? File.read(schema).scan(/create_table "(\w+)"/).flatten : %w[accounts users statuses]
  end
end
