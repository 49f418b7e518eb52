import Contracts
import Postgres

/// Handles one kind of command or event: messages in, messages out, inside a transaction that the runtime lends.
///
/// The runtime has dropped what was seen before (inbox), and afterwards stores what the handler returns (outbox), commits,
/// publishes and acknowledges. A handler never publishes, acknowledges, sleeps, calls a network, reads the clock or makes an
/// id: time, ids and randomness come in as the ``Moment``. A business refusal is a message it returns; an error it throws
/// means "try again later" and, after the last retry, the dead-letter queue.
public protocol MessageHandler<Body>: Sendable {
    associatedtype Body: Message

    /// Whether the message can cause anything here. One that cannot is acknowledged without a transaction and without a row
    /// in the inbox, so the answer must come from the message alone.
    func isConcerned(by message: Received<Body>) -> Bool

    /// - Parameter messages: those of this kind that arrived together, in their order of arrival; often one, under load
    ///   hundreds. No two have the same id, but two may speak of the same object.
    /// - Returns: what each message causes, in the order of `messages`.
    func handle(
        _ messages: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects]
}

extension MessageHandler {
    public func isConcerned(by message: Received<Body>) -> Bool { true }
}

/// A handler for messages that do not gain from being taken together.
public protocol SingleMessageHandler<Body>: MessageHandler {
    // Declared again so that the compiler infers it from this protocol's requirement.
    associatedtype Body

    func handle(
        _ message: Received<Body>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Effects
}

extension SingleMessageHandler {
    public func handle(
        _ messages: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try messages.map { try handle($0, in: transaction, at: moment) }
    }
}
