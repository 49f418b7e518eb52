import Contracts

/// An event that the tests' service takes.
struct OrderNoted: Event {
    static let name = "tests.order-noted.v1"
    static let source = ServiceName.payments
    static let example = OrderNoted(label: "a")

    /// What the handler is to do with it.
    enum Fate: String, Codable {
        case handle
        /// An error at each attempt.
        case fail
        /// A reply instead of an error.
        case refuse
        /// Two messages follow from it.
        case cause
        /// A job follows from it.
        case start
        /// Nothing can follow from it.
        case ignore
    }

    var label: String
    var fate: Fate = .handle
}
