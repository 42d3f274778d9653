class MailWorker
  include Sidekiq::Job
  sidekiq_options queue: 'mailers', retry: 5

  def perform(bulk) = Mailer.deliver(bulk:)
end
