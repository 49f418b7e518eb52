import Contracts
import Curl
import Messaging
import Postgres
import ServiceRuntime

/// Everything Notifications accepts and does.
func buildNotifications(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    let configuration = try NotificationsConfiguration(settings)
    return try buildNotifications(
        configuration, resources, relay: try mailSender(configuration.relay),
        carrier: HTTPSender(
            policy: configuration.allowsLoopback ? .publicInternetAndLoopback : .customerServers,
            userAgent: "Voelgoed-Webhooks/1.0 (+\(configuration.publicURL))",
            maximumConcurrent: configuration.webhookConcurrency),
        mayWait: true)
}

/// The same with another outside.
/// - Parameter mayWait: whether mails and webhooks wait a moment for each other, so that one query and one transaction
///   serve several, mails give way when the processors are busy, and webhooks wait for room in their endpoint's lane. Not
///   where time is simulated.
func buildNotifications(
    _ configuration: NotificationsConfiguration, _ resources: ServiceResources, relay: any MailRelay,
    carrier: any WebhookCarrier, mayWait: Bool = false
) throws -> ServiceAssembly {
    let urlCheck = WebhookURLCheck(
        rule: WebhookURLRule(allowsPlainHTTP: configuration.allowsLoopback), carrier: carrier,
        ports: configuration.allowsLoopback ? "80, 443 or one from 1024 on" : "80, 443, 8080 or 8443")
    let composer = try MailComposer(
        from: configuration.mailFrom, publicURL: configuration.publicURL, logger: resources.logger)
    let gathering = mayWait ? Duration.milliseconds(25) : .zero
    // A mail or a webhook may begin a tenth of a second later while many do.
    var definition = ServiceDefinition(
        name: .notifications, migrations: notificationsMigrations, batchInterval: .milliseconds(100))

    // What happened elsewhere.
    definition.on(OrderCompletedHandler())
    definition.on(CheckoutEndedHandler())
    definition.on(ScanRecordedHandler())
    definition.on(RefundPreparedHandler())
    definition.on(OrderRefundedHandler())
    definition.on(RefundAbandonedHandler())
    definition.on(OccurrenceCanceledHandler())
    definition.on(OrganizationChangedHandler())

    // Tickets and letters.
    definition.answer(RenderTicketHandler())
    definition.perform(
        MailTicketsJob(
            database: resources.database, printer: TicketPrinter(), composer: composer, relay: relay,
            // As many again are read and drawn while the relay has its hands full.
            concurrency: 2 * configuration.mailConcurrency, gathering: gathering,
            pause: mayWait ? MailPause() : nil))
    definition.perform(
        MailLetterJob(
            database: resources.database, composer: composer, relay: relay,
            concurrency: configuration.mailConcurrency))

    // Webhooks.
    definition.answer(CreateWebhookEndpointHandler(urlCheck: urlCheck))
    definition.answer(UpdateWebhookEndpointHandler(urlCheck: urlCheck))
    definition.answer(DeleteWebhookEndpointHandler())
    definition.answer(GetWebhookEndpointHandler())
    definition.answer(ListWebhookEndpointsHandler())
    definition.answer(ListWebhookDeliveriesHandler())
    definition.answer(RetryWebhookDeliveryHandler())
    definition.answer(RetryWebhookDeliveriesHandler())
    definition.answer(RotateWebhookSecretHandler())
    let lanes = EndpointLanes(
        width: configuration.webhookEndpointConcurrency, slowTotal: configuration.webhookConcurrency / 2,
        maximumWaiting: mayWait ? configuration.webhookConcurrency / 4 : 0)
    definition.perform(AnnounceWebhooksJob(lanes: lanes))
    definition.perform(
        DeliverWebhookJob(
            database: resources.database, carrier: carrier, lanes: lanes, schedule: .standard,
            timeout: configuration.webhookTimeout, concurrency: configuration.webhookConcurrency,
            gathering: gathering))
    definition.sweep(ParkedDeliveriesSweep())
    definition.sweep(WebhookRetention(keep: configuration.webhookRetention))
    return ServiceAssembly(definition: definition)
}

/// - Throws: ``SettingError`` that names the relay's variable.
private func mailSender(_ relay: SMTPConfiguration) throws -> MailSender {
    do {
        return try MailSender(configuration: relay)
    } catch {
        throw SettingError(variable: ServiceSettings.variable("smtp.url"), problem: error.description)
    }
}
