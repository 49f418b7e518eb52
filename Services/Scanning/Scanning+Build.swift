import Contracts
import Messaging
import Postgres
import ServiceRuntime

/// Everything Scanning accepts and does.
func buildScanning(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    // The gates have their answers; the others may hear of a scan a tenth of a second later while there are many.
    var definition = ServiceDefinition(
        name: .scanning, migrations: scanningMigrations, publishingInterval: .milliseconds(100))

    // The gates' own index, as Ticketing feeds it.
    definition.on(OccurrenceChangedHandler())
    definition.on(OrderCompletedHandler())
    definition.on(RefundPreparedHandler())
    definition.on(RefundAbandonedHandler())
    definition.on(OrderRefundedHandler())

    // The gates.
    definition.answer(RecordScanHandler())
    return ServiceAssembly(definition: definition)
}
