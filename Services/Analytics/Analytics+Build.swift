import Contracts
import Messaging
import Postgres
import ServiceRuntime

/// Everything Analytics accepts and does.
func buildAnalytics(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    // Reports may be a tenth of a second older while much is reported.
    var definition = ServiceDefinition(
        name: .analytics, migrations: analyticsMigrations, batchInterval: .milliseconds(100))

    // Names.
    definition.on(EventChangedHandler())
    definition.on(OccurrenceChangedHandler())
    definition.on(TicketTypeChangedHandler())

    // Facts.
    definition.on(OrderCompletedHandler())
    definition.on(OrderRefundedHandler())
    definition.on(OccurrenceCanceledHandler())
    definition.on(ScanRecordedHandler())
    definition.on(CheckoutEndedHandler())
    definition.on(ActionRecordedHandler())

    // Questions.
    definition.answer(GetOccurrenceReportHandler())
    definition.answer(ListAuditEntriesHandler())
    return ServiceAssembly(definition: definition)
}
