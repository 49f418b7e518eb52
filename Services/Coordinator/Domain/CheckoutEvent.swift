import Contracts

/// Everything that can happen to a checkout after its start.
enum CheckoutEvent: SagaEvent {
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
    case refundPending(RefundPending)
    case refundSucceeded(RefundSucceeded)
    case refundFailed(RefundFailed)
    /// Tickets of the completed order, or a part of its price, were refunded.
    case orderRefunded(OrderRefunded)
    /// The occurrence will not take place.
    case occurrenceCanceled
    /// The durable timer says that an answer should have come by now.
    case answerDue

    static func fired(_ timer: SagaTimer.Kind) -> CheckoutEvent? {
        switch timer {
        case .holdEnd: .holdEnded
        case .answerDue: .answerDue
        case .step: nil
        }
    }

    var name: String {
        switch self {
        case .ticketsHeld: TicketsHeld.name
        case .holdRefused: HoldRefused.name
        case .holdReleased: HoldReleased.name
        case .holdEnded: SagaTimer.Kind.holdEnd.eventName
        case .paymentRequested: PayCheckout.name
        case .cancelRequested: CancelCheckout.name
        case .chargePending: ChargePending.name
        case .chargeSucceeded: ChargeSucceeded.name
        case .chargeFailed: ChargeFailed.name
        case .orderCompleted: OrderCompleted.name
        case .confirmRefused: ConfirmRefused.name
        case .refundPending: RefundPending.name
        case .refundSucceeded: RefundSucceeded.name
        case .refundFailed: RefundFailed.name
        case .orderRefunded: OrderRefunded.name
        case .occurrenceCanceled: OccurrenceCanceled.name
        case .answerDue: SagaTimer.Kind.answerDue.eventName
        }
    }

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
        case .holdEnded, .cancelRequested, .occurrenceCanceled, .answerDue:
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
        case .refundPending(let pending):
            .object(["refund_id": .string(pending.refundID.description)])
        case .refundSucceeded(let success):
            .object([
                "refund_id": .string(success.refundID.description), "amount_cents": .integer(success.amountCents),
                "currency": .string(success.currency.rawValue), "provider": .string(success.provider),
                "provider_reference": .string(success.providerReference),
            ])
        case .refundFailed(let failure):
            .object([
                "refund_id": .string(failure.refundID.description), "reason": .string(failure.reason.rawValue),
            ])
        case .orderRefunded(let refunded):
            .object([
                "refund_id": .string(refunded.refundID.description), "amount_cents": .integer(refunded.amountCents),
                "tickets": .integer(refunded.tickets.count),
            ])
        }
    }
}
