import Contracts

/// Everything that can happen to a refund after its start.
enum RefundEvent: SagaEvent {
    case prepared(RefundPrepared)
    case refused(RefundRefused)
    case moneyPending(RefundPending)
    case moneyReturned(RefundSucceeded)
    case moneyKept(RefundFailed)
    case orderRefunded(OrderRefunded)
    case abandoned(RefundAbandoned)
    /// The durable timer says that an answer should have come by now.
    case answerDue

    static func fired(_ timer: SagaTimer.Kind) -> RefundEvent? {
        switch timer {
        case .answerDue: .answerDue
        case .holdEnd, .step: nil
        }
    }

    var name: String {
        switch self {
        case .prepared: RefundPrepared.name
        case .refused: RefundRefused.name
        case .moneyPending: RefundPending.name
        case .moneyReturned: RefundSucceeded.name
        case .moneyKept: RefundFailed.name
        case .orderRefunded: OrderRefunded.name
        case .abandoned: RefundAbandoned.name
        case .answerDue: SagaTimer.Kind.answerDue.eventName
        }
    }

    var facts: JSONValue {
        switch self {
        case .prepared(let prepared):
            .object([
                "amount_cents": .integer(prepared.amountCents), "currency": .string(prepared.currency.rawValue),
                "tickets": .integer(prepared.ticketIDs.count),
            ])
        case .refused(let refused):
            .object(["reason": .string(refused.reason.rawValue), "detail": .string(refused.detail)])
        case .moneyReturned(let success):
            .object([
                "charge_id": .string(success.chargeID.description), "amount_cents": .integer(success.amountCents),
                "currency": .string(success.currency.rawValue), "provider": .string(success.provider),
                "provider_reference": .string(success.providerReference),
            ])
        case .moneyKept(let failure):
            .object(["reason": .string(failure.reason.rawValue), "detail": .string(failure.detail)])
        case .orderRefunded(let refunded):
            .object([
                "amount_cents": .integer(refunded.amountCents), "tickets": .integer(refunded.tickets.count),
                "order_status": .string(refunded.orderStatus.rawValue),
            ])
        case .abandoned(let abandoned):
            .object(["tickets": .integer(abandoned.ticketIDs.count)])
        case .moneyPending, .answerDue:
            .object([:])
        }
    }
}
