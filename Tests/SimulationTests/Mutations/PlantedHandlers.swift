import Contracts
import Foundation
import Messaging
import Postgres

@testable import Messaging

/// A message on its way to a handler that something was planted around.
struct PlantedMessage: Sendable {
    let envelope: Envelope
    let decoded: any Sendable
}

/// A message handler with something around it.
struct PlantedMessageHandler: RegisteredMessageHandler {
    typealias Handle = ([PlantedMessage]) throws -> [Effects]
    typealias Around = @Sendable ([PlantedMessage], PostgresTransaction, Moment, Handle) throws -> [Effects]

    let real: any RegisteredMessageHandler
    let around: Around

    var message: any Message.Type { real.message }
    var isStockCommand: Bool { real.isStockCommand }

    func decode(_ envelope: Envelope, _ body: [UInt8]) throws -> any Sendable {
        PlantedMessage(envelope: envelope, decoded: try real.decode(envelope, body))
    }

    func isConcerned(by decoded: any Sendable) -> Bool {
        (decoded as? PlantedMessage).map { real.isConcerned(by: $0.decoded) } ?? true
    }

    func handle(
        _ decoded: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try around(decoded.compactMap { $0 as? PlantedMessage }, transaction, moment) { messages in
            try real.handle(messages.map(\.decoded), in: transaction, at: moment)
        }
    }
}

/// A request handler with something around it.
struct PlantedRequestHandler: RegisteredRequestHandler {
    typealias Handle = () throws -> [EncodedAnswer]

    let real: any RegisteredRequestHandler
    let around: @Sendable (PostgresTransaction, Moment, Handle) throws -> [EncodedAnswer]

    var message: any Message.Type { real.message }
    var isReadOnly: Bool { real.isReadOnly }

    func decode(_ envelope: Envelope, _ body: [UInt8]) throws -> any Sendable {
        try real.decode(envelope, body)
    }

    func answer(
        _ decoded: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [EncodedAnswer] {
        try around(transaction, moment) { try real.answer(decoded, in: transaction, at: moment) }
    }
}

/// A sweep with something around it.
struct PlantedSweep: Sweep {
    typealias Handle = () throws -> SweepResult

    let real: any Sweep
    let around: @Sendable (PostgresTransaction, Moment, Handle) throws -> SweepResult

    var name: String { real.name }
    var interval: Duration { real.interval }

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        try around(transaction, moment) { try real.sweep(in: transaction, at: moment) }
    }
}

/// A job performer with something around it.
struct PlantedPerformer: RegisteredJobPerformer {
    typealias Perform = @Sendable (_ payload: [UInt8]) async throws -> any Sendable
    typealias Record = () throws -> [Effects]

    let real: any RegisteredJobPerformer
    var aroundPerform: @Sendable (UUID, [UInt8], Int, Perform) async throws -> any Sendable = {
        _, payload, _, perform in
        try await perform(payload)
    }
    var aroundRecord: @Sendable (PostgresTransaction, Moment, Record) throws -> [Effects] = { _, _, record in
        try record()
    }

    var kind: String { real.kind }
    var concurrency: Int { real.concurrency }
    var lease: Duration { real.lease }
    var gathering: Duration { real.gathering }

    func perform(
        id: UUID, payload: [UInt8], attempt: Int, envelope: Envelope, startedAt: Timestamp
    ) async throws -> any Sendable {
        try await aroundPerform(id, payload, attempt) { payload in
            try await real.perform(
                id: id, payload: payload, attempt: attempt, envelope: envelope, startedAt: startedAt)
        }
    }

    func record(
        _ performed: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try aroundRecord(transaction, moment) { try real.record(performed, in: transaction, at: moment) }
    }
}

extension ServiceDefinition {
    /// The service with whatever its handlers and sweeps cause seen through a change.
    func changingEffects(_ change: @escaping @Sendable (Effects) -> Effects) -> ServiceDefinition {
        wrapping(
            messages: { real in
                PlantedMessageHandler(real: real) { messages, _, _, handle in
                    try handle(messages).map(change)
                }
            },
            requests: { real in
                PlantedRequestHandler(real: real) { _, _, answer in
                    try answer().map { EncodedAnswer(reply: $0.reply, effects: change($0.effects)) }
                }
            },
            jobs: { real in
                PlantedPerformer(real: real, aroundRecord: { _, _, record in try record().map(change) })
            },
            sweeps: { real in
                PlantedSweep(real: real) { _, _, sweep in
                    let result = try sweep()
                    return SweepResult(effects: change(result.effects), hasMore: result.hasMore)
                }
            })
    }

    /// The service with something around the handler of one message.
    func changing(
        _ name: String,
        _ around: @escaping PlantedMessageHandler.Around
    ) -> ServiceDefinition {
        wrapping(
            messages: { $0.message.name == name ? PlantedMessageHandler(real: $0, around: around) : $0 },
            requests: { $0 }, jobs: { $0 }, sweeps: { $0 })
    }
}
