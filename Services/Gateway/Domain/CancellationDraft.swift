/// What an organiser says when an occurrence is canceled (API, `POST /v1/occurrences/{id}/cancel`).
struct CancellationDraft: Codable, Sendable, Equatable {
    static let reasonLength = 1...500

    /// For the attendees.
    var reason: String

    static var example: CancellationDraft { CancellationDraft(reason: "The artist is ill.") }
}
