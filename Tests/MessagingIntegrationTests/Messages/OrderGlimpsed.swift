import Contracts

/// What only those hear who listen at the time.
struct OrderGlimpsed: TransientEvent {
    static let name = "tests.order-glimpsed.v1"
    static let source = ServiceName.ticketing
    static let example = OrderGlimpsed(label: "a")

    var label: String
}
