import Contracts

/// How an endpoint has fared lately: the pure part of disabling one that never answers.
struct WebhookEndpointHealth: Sendable, Equatable {
    /// When the first failure since the last success was recorded; nil while the last attempt succeeded.
    private(set) var failingSince: Timestamp?

    /// How long nothing but failure is borne. Longer than one event's schedule, so that it takes failures of several.
    static let patience = Duration.seconds(5 * 86_400)

    init(failingSince: Timestamp? = nil) {
        self.failingSince = failingSince
    }

    /// The attempt succeeded.
    mutating func succeed() {
        failingSince = nil
    }

    /// The attempt failed.
    /// - Returns: whether patience with the endpoint has ended.
    mutating func fail(at now: Timestamp) -> Bool {
        guard let failingSince else {
            self.failingSince = now
            return false
        }
        return now.since(failingSince) >= Self.patience
    }
}
