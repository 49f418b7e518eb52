import Contracts
import Curl
import Messaging
import Postgres
import ServiceRuntime

/// Everything Notifications accepts and does.
func buildNotifications(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    let configuration = try NotificationsConfiguration(settings)
    let webhookSender = HTTPSender(
        policy: configuration.allowsLoopback ? .publicInternetAndLoopback : .publicInternet,
        userAgent: "Voelgoed-Webhooks/1.0 (+\(configuration.publicURL))",
        maximumConcurrent: configuration.webhookConcurrency)
    let urlCheck = WebhookURLCheck(
        rule: WebhookURLRule(allowsPlainHTTP: configuration.allowsLoopback), sender: webhookSender)
    var definition = ServiceDefinition(name: .notifications, migrations: notificationsMigrations)

    // What happened elsewhere.
    definition.on(OrderCompletedHandler())
    definition.on(CheckoutChangedHandler())
    definition.on(ScanRecordedHandler())

    // Tickets.
    definition.answer(RenderTicketHandler())
    definition.perform(
        MailTicketsJob(
            database: resources.database, printers: [TicketPrinter(), TicketPrinter()],
            composer: try MailComposer(
                from: configuration.mailFrom, publicURL: configuration.publicURL, logger: resources.logger),
            sender: try mailSender(configuration.relay), concurrency: configuration.mailConcurrency))

    // Webhooks.
    definition.answer(CreateWebhookEndpointHandler(urlCheck: urlCheck))
    definition.answer(UpdateWebhookEndpointHandler(urlCheck: urlCheck))
    definition.answer(DeleteWebhookEndpointHandler())
    definition.answer(GetWebhookEndpointHandler())
    definition.answer(ListWebhookEndpointsHandler())
    definition.answer(ListWebhookDeliveriesHandler())
    definition.answer(RetryWebhookDeliveryHandler())
    definition.perform(
        DeliverWebhookJob(
            database: resources.database, sender: webhookSender,
            lanes: EndpointLanes(width: configuration.webhookEndpointConcurrency), schedule: .standard,
            timeout: configuration.webhookTimeout, concurrency: configuration.webhookConcurrency))
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
