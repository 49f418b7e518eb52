import Contracts

/// Why an order is not refunded, in words for the organiser.
struct RefundRejection: Error, Sendable, Equatable {
    enum Reason: Sendable, Equatable {
        case invalid([Problem.FieldError])
        case unknownOrder
        case notCompleted
        case alreadyRefunded
        case exceedsPayment
        case policy
    }

    let reason: Reason
    let detail: String

    init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    init(invalid errors: [Problem.FieldError]) {
        self.init(.invalid(errors), Problem.validation(errors).detail)
    }

    /// The refusal of a question.
    var problem: Problem {
        switch reason {
        case .invalid(let errors): .validation(errors)
        case .unknownOrder: Problem(.notFound, detail)
        case .notCompleted: Problem(.conflict, detail)
        case .alreadyRefunded: Problem(.alreadyRefunded, detail)
        case .exceedsPayment: Problem(.refundExceedsPayment, detail)
        case .policy: Problem(.refundNotAllowed, detail)
        }
    }

    /// The refusal of a command. A draft that is wrong in itself names what there is not: whoever asked for a quote first
    /// never sends it.
    var refusal: RefundRefusal {
        switch reason {
        case .invalid, .unknownOrder: .unknownOrder
        case .notCompleted: .notCompleted
        case .alreadyRefunded: .alreadyRefunded
        case .exceedsPayment: .exceedsPayment
        case .policy: .policy
        }
    }
}
