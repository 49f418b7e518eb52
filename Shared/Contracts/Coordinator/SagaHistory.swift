/// Everything that happened to a refund or a cancellation, oldest first.
public struct SagaHistory: Codable, Sendable, Equatable {
    public var data: [SagaTransition]

    public init(data: [SagaTransition]) {
        self.data = data
    }

    public static var example: SagaHistory {
        SagaHistory(data: [.example])
    }
}
