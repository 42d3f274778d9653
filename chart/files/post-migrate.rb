# Runs the migrations that old pods would not survive, when the last of them has gone.
require_relative 'kubernetes'
require_relative 'migration'

APPS = 'apis/apps/v1'
# A map from each Deployment's name to the image that its pods must have.
IMAGES = JSON.parse(ENV.fetch('DEPLOYMENTS'))

def main_image(spec) = spec['containers'].find { |container| container['name'] == 'main' }&.fetch('image')

# Why the roll-out of a Deployment is not over, or nil.
def unfinished(name, image)
  deployment = Kubernetes.get("deployments/#{name}", group: APPS)
  return "#{name} does not exist" unless deployment

  status = deployment['status'] || {}
  wanted = deployment.dig('spec', 'replicas')
  return "#{name} has another image" if main_image(deployment.dig('spec', 'template', 'spec')) != image
  return "#{name} was just changed" if status['observedGeneration'].to_i < deployment.dig('metadata', 'generation')

  counts = %w[updatedReplicas replicas].map { |key| status[key].to_i }
  works = wanted.zero? || status['availableReplicas'].to_i.positive?
  "#{name} is being rolled out" if counts.any? { |count| count != wanted } || !works
end

# A pod of an earlier roll-out, the ones that are just ending included.
def old_pod
  old = Kubernetes.application_pods.find { |pod| !IMAGES.value?(main_image(pod['spec'])) }
  "the old pod #{old.dig('metadata', 'name')} has not ended" if old
end

def wait_for_roll_out
  wait_while(pause: 3) { IMAGES.filter_map { |name, image| unfinished(name, image) }.first || old_pod }
end

# Until the migration before the deployment ended, there is nothing to come after.
wait_until('Waiting for the migration before the deployment.') do |open|
  open.note('encryption_keys') && (Migrations.before - open.versions).empty?
end
pending = ->(open) { Migrations.after - open.versions }
wait_for_roll_out if pending.call(Database.wait).any?
database = ready_database
note_after(database)
if pending.call(database).any?
  attempt('The migration after the deployment') do
    Leftovers.clear(database)
    rails('db:migrate')
  end
end
puts 'Done.'
