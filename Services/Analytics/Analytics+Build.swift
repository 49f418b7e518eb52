import Contracts
import Messaging
import Postgres
import ServiceRuntime

/// Everything Analytics accepts and does.
func buildAnalytics(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    var definition = ServiceDefinition(name: .analytics, migrations: analyticsMigrations)

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
