/// A verdict with its reason.
struct Finding: Codable, Sendable, Equatable {
    var operation: Int
    var verdict: Verdict
    var reason: String
}
