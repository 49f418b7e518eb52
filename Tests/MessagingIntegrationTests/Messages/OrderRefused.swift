import Contracts

/// What the tests' service says when it refuses.
struct OrderRefused: Event {
    static let name = "tests.order-refused.v1"
    static let source = ServiceName.ticketing
    static let example = OrderRefused(label: "a")

    var label: String
}
