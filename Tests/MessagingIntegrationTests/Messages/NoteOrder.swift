import Contracts

/// A command to the tests' service.
struct NoteOrder: Command {
    static let name = "tests.note-order.v1"
    static let recipient = ServiceName.ticketing
    static let example = NoteOrder(label: "a")

    var label: String
}
