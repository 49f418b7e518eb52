/// One answer, or its absence, to one attempt of a client.
struct Answer: Codable, Sendable, Equatable {
    /// Seconds after the load began.
    var at: Double
    /// The method and what it was about, without ids.
    var call: String
    /// The HTTP status; nil when no answer came.
    var status: Int?
    /// A problem's slug, or why no answer came.
    var detail: String?
}
