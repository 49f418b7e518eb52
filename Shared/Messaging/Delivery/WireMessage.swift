import Contracts
import Foundation

/// A message as it travels: where it goes, its envelope, and its encoded body.
public struct WireMessage: Sendable, Equatable {
    public var exchange: String
    public var routingKey: String
    public var envelope: Envelope
    public var body: [UInt8]
    /// How often handling it has failed.
    public var failures: Int
    /// Why it failed last; travels in a header so that an operator sees it in the dead-letter queue.
    public var failureReason: String?

    public init(
        exchange: String, routingKey: String, envelope: Envelope, body: [UInt8], failures: Int = 0,
        failureReason: String? = nil
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.envelope = envelope
        self.body = body
        self.failures = failures
        self.failureReason = failureReason
    }
}

/// A message that arrived at a lane.
public struct IncomingMessage: Sendable, Equatable {
    public var envelope: Envelope
    public var body: [UInt8]
    /// How often handling it has failed before.
    public var failures: Int

    public init(envelope: Envelope, body: [UInt8], failures: Int = 0) {
        self.envelope = envelope
        self.body = body
        self.failures = failures
    }
}

/// What became of one published bundle.
public enum PublishOutcome: Sendable, Equatable {
    /// The broker has taken responsibility for it.
    case confirmed
    /// It may or may not have arrived: publish it again later under the same id.
    case unconfirmed(reason: String)
}

/// What carries messages away: RabbitMQ in production, an in-memory broker in a simulation.
public protocol MessageTransport: Sendable {
    /// Publishes the bundles in order and waits for the broker's word on each.
    func publish(_ bundles: [OutboundBundle]) async -> [PublishOutcome]

    /// Sends bundles in order to whoever listens now, and does not ask what becomes of them.
    func send(_ bundles: [OutboundBundle]) async
}
