/// Something one service tells another: the body of one AMQP message.
///
/// A message's ``name`` is its identity on the wire (the AMQP `type`) and never changes. A new optional field keeps the
/// name; any other change is a new type with the next version beside the old one.
public protocol Message: Codable, Sendable, Equatable {
    /// The stable literal name, `<owner>.<what-happened-or-should>.v<version>`.
    static var name: String { get }

    /// One valid message with every optional field present. Its JSON is the golden file of this name, and the message
    /// catalogue derives the payload's schema from it.
    static var example: Self { get }
}

/// An order to exactly one service, in the imperative. The recipient refuses with an event, never with an error.
public protocol Command: Message {
    static var recipient: ServiceName { get }
}

/// A command that touches the stock of one occurrence. It is routed by the occurrence to one partition queue, so that
/// all commands of an occurrence arrive at one consumer and settle in one transaction per batch.
public protocol StockCommand: Command {
    var occurrenceID: OccurrenceID { get }
}

/// A fact, in the past tense, for any number of consumers.
public protocol Event: Message {
    static var source: ServiceName { get }
}

/// An event for whoever listens at this moment. It is sent once, from memory, after the commit that caused it, and is lost
/// with the process, the connection or the broker: it may make a reader look sooner, and is never the only source of
/// anything.
public protocol TransientEvent: Event {}

/// A question, or a command whose outcome the asker waits for. It is delivered at most once and has a deadline: the asker
/// repeats it on doubt, so that answering it twice must have the effect of answering it once.
public protocol Request: Message {
    associatedtype Reply: Codable & Sendable & Equatable

    static var recipient: ServiceName { get }

    /// Whether answering touches a few rows only, whoever asks. In a rush such requests of several organisations travel
    /// together and are answered together; any others only wait for those of their own organisation.
    static var isQuick: Bool { get }

    /// One valid reply, for the message catalogue.
    static var replyExample: Reply { get }
}

extension Request {
    public static var isQuick: Bool { false }
}

/// The reply to a request that only needs to be acknowledged.
public struct Done: Codable, Sendable, Equatable {
    public init() {}
}
