import Contracts

/// What a checkout orders another service to do.
enum CheckoutCommand: SagaCommand {
    case hold(HoldTickets)
    case release(ReleaseHold)
    case charge(Charge)
    case confirm(ConfirmTickets)
    case refund(Refund)

    var message: any Message {
        switch self {
        case .hold(let command): command
        case .release(let command): command
        case .charge(let command): command
        case .confirm(let command): command
        case .refund(let command): command
        }
    }
}
