import Contracts

/// A request that writes a tenant's note and answers with all that the tenant can see.
struct WriteNote: Request {
    struct Reply: Codable, Sendable, Equatable {
        var notes: [String]
        var role: String
    }

    static let name = "tests.write-note.v1"
    static let recipient = ServiceName.ticketing
    static let example = WriteNote(note: "a")
    static let replyExample = Reply(notes: ["a"], role: "ticketing_tenant")

    var note: String
    /// Whether the handler throws a problem for it.
    var isRefused = false
}
