import Contracts

/// What came of one attempt: the log's line and what it means.
struct WebhookResult: Sendable, Equatable {
    var attempt: WebhookAttempt
    var verdict: WebhookVerdict

    /// How much of an answer is kept, in characters; an answer is read up to as many bytes.
    static let keptLength = 16 * 1024

    /// An endpoint's answer as text the database can keep.
    static func excerpt(of body: [UInt8]) -> String? {
        guard !body.isEmpty else { return nil }
        return String(decoding: body, as: UTF8.self).replacing("\0", with: "\u{FFFD}")
    }
}
