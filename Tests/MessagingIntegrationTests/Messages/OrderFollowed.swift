import Contracts

/// What the tests' service says after it has handled a message, a job or a sweep.
struct OrderFollowed: Event {
    static let name = "tests.order-followed.v1"
    static let source = ServiceName.ticketing
    static let example = OrderFollowed(label: "a")

    var label: String
}
