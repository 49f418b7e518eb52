/// One line of the history of a refund or a cancellation.
public struct SagaTransition: Codable, Sendable, Equatable {
    public var at: Timestamp
    /// The state after it.
    public var state: String
    /// What was heard: the message's name, or the timer's.
    public var message: String

    public init(at: Timestamp, state: String, message: String) {
        self.at = at
        self.state = state
        self.message = message
    }

    public static var example: SagaTransition {
        SagaTransition(at: .example, state: "refunding", message: "ticketing.refund-prepared.v1")
    }
}
