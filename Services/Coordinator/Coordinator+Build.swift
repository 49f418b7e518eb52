import Contracts
import Messaging
import Postgres
import ServiceRuntime

/// Everything the Coordinator accepts and does.
func buildCoordinator(_ settings: ServiceSettings, _ resources: ServiceResources) throws -> ServiceAssembly {
    let holdSeconds = try settings.integer(
        "hold.seconds", default: 900, in: 1...86_400, "How many seconds a checkout holds its tickets for payment.")
    let runner = CheckoutRunner(holdDuration: .seconds(holdSeconds))
    var definition = ServiceDefinition(name: .coordinator, migrations: coordinatorMigrations)

    // The checkout, as Ticketing and Payments tell it.
    definition.on(TicketsHeldHandler(runner: runner))
    definition.on(HoldRefusedHandler(runner: runner))
    definition.on(HoldReleasedHandler(runner: runner))
    definition.on(ChargePendingHandler(runner: runner))
    definition.on(ChargeSucceededHandler(runner: runner))
    definition.on(ChargeFailedHandler(runner: runner))
    definition.on(OrderCompletedHandler(runner: runner))
    definition.on(ConfirmRefusedHandler(runner: runner))

    // Money on its way back, and refunds as Ticketing tells them.
    definition.on(RefundPendingHandler())
    definition.on(RefundSucceededHandler())
    definition.on(RefundFailedHandler())
    definition.on(RefundPreparedHandler())
    definition.on(RefundRefusedHandler())
    definition.on(OrderRefundedHandler())
    definition.on(RefundAbandonedHandler())

    // Occurrences that will not take place.
    definition.on(OccurrenceCanceledHandler())

    // The checkout, as its buyer drives it.
    definition.answer(StartCheckoutHandler(runner: runner))
    definition.answer(PayCheckoutHandler(runner: runner))
    definition.answer(CancelCheckoutHandler(runner: runner))
    definition.answer(GetCheckoutHandler())
    definition.answer(GetCheckoutHistoryHandler())

    // Refunds and cancellations, as the organiser drives and reads them.
    definition.answer(StartRefundHandler())
    definition.answer(GetRefundHandler())
    definition.answer(GetRefundHistoryHandler())
    definition.answer(GetCancellationHandler())
    definition.answer(GetCancellationHistoryHandler())

    // What time drives.
    definition.sweep(SagaTimerSweep.checkouts)
    definition.sweep(SagaTimerSweep.refunds)
    definition.sweep(CancellationSweep())
    return ServiceAssembly(definition: definition)
}
