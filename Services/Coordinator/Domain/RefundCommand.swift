import Contracts

/// What a refund orders another service to do.
enum RefundCommand: SagaCommand {
    case prepare(PrepareRefund)
    case refund(Refund)
    case complete(CompleteRefund)
    case abandon(AbandonRefund)

    var message: any Message {
        switch self {
        case .prepare(let command): command
        case .refund(let command): command
        case .complete(let command): command
        case .abandon(let command): command
        }
    }
}
