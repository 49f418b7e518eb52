import Contracts

/// Everything that can happen to a checkout after its start.
enum CheckoutEvent: Sendable, Equatable {
    case ticketsHeld(TicketsHeld)
    case holdRefused(HoldRefused)
    case holdReleased(HoldReleased)
    /// The durable timer says that the hold's time is over.
    case holdEnded
    case paymentRequested(PayCheckout)
    case cancelRequested
    case chargePending(ChargePending)
    case chargeSucceeded(ChargeSucceeded)
    case chargeFailed(ChargeFailed)
    case orderCompleted(OrderCompleted)
    case confirmRefused(ConfirmRefused)

    /// What the history calls it: the message's name, or the timer's.
    var name: String {
        switch self {
        case .ticketsHeld: TicketsHeld.name
        case .holdRefused: HoldRefused.name
        case .holdReleased: HoldReleased.name
        case .holdEnded: CheckoutTimer.Kind.holdEnd.eventName
        case .paymentRequested: PayCheckout.name
        case .cancelRequested: CancelCheckout.name
        case .chargePending: ChargePending.name
        case .chargeSucceeded: ChargeSucceeded.name
        case .chargeFailed: ChargeFailed.name
        case .orderCompleted: OrderCompleted.name
        case .confirmRefused: ConfirmRefused.name
        }
    }

    /// What the history keeps of it: enough for support and for a refund, but no personal data, payment token or ticket
    /// code, since history is never erased.
    var facts: JSONValue {
        switch self {
        case .ticketsHeld(let held):
            .object([
                "total_cents": .integer(held.quote.totalCents), "currency": .string(held.quote.currency.rawValue),
                "tickets": .integer(held.tickets.count), "expires_at": .string(held.expiresAt.description),
            ])
        case .holdRefused(let refused):
            .object(["reason": .string(refused.reason.rawValue), "detail": .string(refused.detail)])
        case .holdReleased(let released):
            .object(["reason": .string(released.reason.rawValue), "tickets": .integer(released.ticketIDs.count)])
        case .holdEnded, .cancelRequested:
            .object([:])
        case .paymentRequested(let payment):
            .object([
                "charge_id": .string(payment.chargeID.description), "provider": .string(payment.instrument.provider),
            ])
        case .chargePending(let pending):
            .object(["charge_id": .string(pending.chargeID.description)])
        case .chargeSucceeded(let success):
            .object([
                "charge_id": .string(success.chargeID.description), "amount_cents": .integer(success.amountCents),
                "currency": .string(success.currency.rawValue), "provider": .string(success.provider),
                "provider_reference": .string(success.providerReference),
            ])
        case .chargeFailed(let failure):
            .object([
                "charge_id": .string(failure.chargeID.description), "reason": .string(failure.reason.rawValue),
            ])
        case .orderCompleted(let order):
            .object(["tickets": .integer(order.tickets.count), "total_cents": .integer(order.totalCents)])
        case .confirmRefused(let refused):
            .object(["reason": .string(refused.reason.rawValue)])
        }
    }
}
