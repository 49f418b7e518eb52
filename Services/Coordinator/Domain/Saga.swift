import Contracts

/// One business matter that several services settle together (design, section 6). A pure value: it is told what happened
/// and when, and says what to order. Events may come late, twice or out of order. Its JSON is what the database keeps.
protocol Saga: Codable, Sendable, Equatable {
    associatedtype Event: SagaEvent
    associatedtype Command: Sendable, Equatable

    /// What incidents and metrics call it.
    static var kind: SagaKind { get }

    var key: SagaKey { get }
    /// What the history calls its state.
    var stateName: String { get }
    /// How many lines its history has.
    var historyLength: Int { get }

    /// What the event does to the saga. The same event again is a `duplicate`.
    mutating func handle(_ event: Event, at now: Timestamp) -> SagaReaction<Command>
}

/// The kinds of sagas. The raw value is the column `incidents.saga`.
enum SagaKind: String, Sendable, CaseIterable {
    case checkout
    case refund
    case cancellation
}

/// Something that can happen to a saga.
protocol SagaEvent: Sendable, Equatable {
    /// What the history calls it: the message's name, or the timer's.
    var name: String { get }

    /// What the history keeps of it: enough for support, but no personal data, payment token or ticket code, since history
    /// is never erased.
    var facts: JSONValue { get }

    /// What a timer's firing is to the saga; nil for a timer that it never asks for.
    static func fired(_ timer: SagaTimer.Kind) -> Self?
}

/// A command that leaves as a message.
protocol SagaCommand: Sendable, Equatable {
    var message: any Message { get }
}
