import Contracts
import Postgres

/// A message handler without its type parameter, as the router keeps it.
public protocol RegisteredMessageHandler: Sendable {
    var message: any Message.Type { get }

    /// Whether the message arrives through a stock partition.
    var isStockCommand: Bool { get }

    /// Decodes a body into what ``handle(_:in:at:)`` takes.
    func decode(_ envelope: Envelope, _ body: [UInt8]) throws -> any Sendable

    /// Whether a decoded message can cause anything here.
    func isConcerned(by decoded: any Sendable) -> Bool

    func handle(_ decoded: [any Sendable], in transaction: PostgresTransaction, at moment: Moment) throws -> [Effects]
}

struct MessageHandlerRegistration<Handler: MessageHandler>: RegisteredMessageHandler {
    let handler: Handler

    var message: any Message.Type { Handler.Body.self }

    var isStockCommand: Bool { Handler.Body.self is any StockCommand.Type }

    func decode(_ envelope: Envelope, _ body: [UInt8]) throws -> any Sendable {
        try Received<Handler.Body>(envelope: envelope, body: decodeBody(Handler.Body.self, body))
    }

    func isConcerned(by decoded: any Sendable) -> Bool {
        (decoded as? Received<Handler.Body>).map(handler.isConcerned) ?? true
    }

    func handle(
        _ decoded: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let messages = decoded.compactMap { $0 as? Received<Handler.Body> }
        precondition(messages.count == decoded.count, "decoded by another handler's registration")
        let effects = try handler.handle(messages, in: transaction, at: moment)
        guard effects.count == messages.count else {
            throw MessagingError.resultCountMismatch(
                handler: String(describing: Handler.self), expected: messages.count, actual: effects.count)
        }
        return effects
    }
}

/// A request handler without its type parameter.
public protocol RegisteredRequestHandler: Sendable {
    var message: any Message.Type { get }
    var isReadOnly: Bool { get }

    func decode(_ envelope: Envelope, _ body: [UInt8]) throws -> any Sendable

    func answer(
        _ decoded: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [EncodedAnswer]
}

/// An answer as bytes.
public struct EncodedAnswer: Sendable {
    public let reply: Result<[UInt8], Problem>
    public let effects: Effects
}

struct RequestHandlerRegistration<Handler: RequestHandler>: RegisteredRequestHandler {
    let handler: Handler

    var message: any Message.Type { Handler.Body.self }

    var isReadOnly: Bool { Handler.isReadOnly }

    func decode(_ envelope: Envelope, _ body: [UInt8]) throws -> any Sendable {
        try Received<Handler.Body>(envelope: envelope, body: decodeBody(Handler.Body.self, body))
    }

    func answer(
        _ decoded: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [EncodedAnswer] {
        let requests = decoded.compactMap { $0 as? Received<Handler.Body> }
        precondition(requests.count == decoded.count, "decoded by another handler's registration")
        let answers = try handler.answer(requests, in: transaction, at: moment)
        guard answers.count == requests.count else {
            throw MessagingError.resultCountMismatch(
                handler: String(describing: Handler.self), expected: requests.count, actual: answers.count)
        }
        return try answers.map { answer in
            switch answer.reply {
            case .success(let reply):
                EncodedAnswer(
                    reply: .success(try answer.encoded ?? MessageCodec.encode(reply)), effects: answer.effects)
            case .failure(let problem): EncodedAnswer(reply: .failure(problem), effects: answer.effects)
            }
        }
    }
}

private func decodeBody<Body: Message>(_ type: Body.Type, _ body: [UInt8]) throws -> Body {
    do {
        return try MessageCodec.decode(Body.self, from: body)
    } catch {
        throw MessagingError.malformedBody(name: Body.name, reason: String(describing: error))
    }
}
