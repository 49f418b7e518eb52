import Contracts
import Postgres

/// Answers one kind of request inside a transaction that runs for the asking tenant: row-level security holds, and the SQL
/// names the organisation all the same. For quick requests (`Request.isQuick`) the transaction may go on for other tenants;
/// so their handlers write to no table with a trigger that waits for `COMMIT`.
///
/// A request may be asked again after a lost answer, so a handler that changes something finds by the request's own ids what
/// it did the first time, and answers the same.
public protocol RequestHandler<Body>: Sendable {
    associatedtype Body: Request

    /// Whether answering never writes: such transactions are read-only.
    static var isReadOnly: Bool { get }

    /// - Parameter requests: requests of one kind and one organisation that arrived together.
    /// - Returns: an answer for each, in the order of `requests`. A ``Problem`` thrown with several requests makes the runtime
    ///   ask for each organisation, and then one by one; thrown with one request it becomes that request's refusal, and the transaction rolls back.
    func answer(
        _ requests: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<Body.Reply>]
}

/// What a request gets back, and what it causes.
public struct Answer<Reply: Codable & Sendable & Equatable>: Sendable {
    public let reply: Result<Reply, Problem>
    /// The reply as it travels, when the handler has it already.
    let encoded: [UInt8]?
    public let effects: Effects

    /// - Parameter encoded: the same reply as `MessageCodec` writes it, for a handler that has done so for its own sake.
    public init(_ reply: Reply, encoded: [UInt8]? = nil, causing effects: Effects = .none) {
        self.reply = .success(reply)
        self.encoded = encoded
        self.effects = effects
    }

    /// A refusal beside other requests of the batch: it must not have written anything.
    public init(refusing problem: Problem) {
        self.reply = .failure(problem)
        self.encoded = nil
        self.effects = .none
    }
}

/// A request handler that takes its requests one at a time, each in a transaction of its own.
public protocol SingleRequestHandler<Body>: RequestHandler {
    // Declared again so that the compiler infers it from this protocol's requirement.
    associatedtype Body

    /// - Throws: a ``Problem`` to refuse.
    func answer(
        _ request: Received<Body>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Body.Reply>
}

extension RequestHandler {
    public static var isReadOnly: Bool { false }
}

extension SingleRequestHandler {
    public func answer(
        _ requests: [Received<Body>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<Body.Reply>] {
        try requests.map { try answer($0, in: transaction, at: moment) }
    }
}
