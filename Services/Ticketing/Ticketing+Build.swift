import Contracts
import Messaging
import Postgres
import ServiceRuntime

/// Everything Ticketing accepts and does.
@Sendable
func buildTicketing(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    let configuration = try TicketingConfiguration(settings)
    let secret = configuration.signingSecret
    var definition = ServiceDefinition(
        name: .ticketing, migrations: ticketingMigrations, inventoryPartitions: configuration.inventoryPartitions)

    // Stock, by occurrence through the partitions.
    definition.on(HoldTicketsHandler())
    definition.on(ConfirmTicketsHandler(secret: secret))
    definition.on(ReleaseHoldHandler())
    definition.on(PrepareRefundHandler())
    definition.on(CompleteRefundHandler())
    definition.on(AbandonRefundHandler())

    // What others say.
    definition.on(OrganizationChangedHandler())
    definition.on(ScanRecordedHandler())

    // The catalogue.
    definition.answer(CreateEventHandler())
    definition.answer(UpdateEventHandler())
    definition.answer(ActivateEventHandler())
    definition.answer(GetEventHandler())
    definition.answer(ListEventsHandler())
    definition.answer(CreateOccurrenceHandler(secret: secret))
    definition.answer(GetOccurrenceHandler())
    definition.answer(ListOccurrencesHandler())
    definition.answer(CancelOccurrenceHandler())
    definition.answer(CreateTicketTypeHandler())
    definition.answer(UpdateTicketTypeHandler())
    definition.answer(ListTicketTypesHandler())
    definition.answer(GetAvailabilityHandler())

    // Orders and tickets.
    definition.answer(GetOrderHandler())
    definition.answer(ListOrdersHandler())
    definition.answer(GetTicketHandler())
    definition.answer(QuoteRefundHandler())

    // What time itself causes.
    definition.sweep(OccurrenceProgressSweep())
    definition.sweep(MinimumCapacitySweep())
    definition.sweep(OccurrenceAnnouncementSweep())
    definition.sweep(TicketTypeStatusSweep())
    return ServiceAssembly(definition: definition)
}
