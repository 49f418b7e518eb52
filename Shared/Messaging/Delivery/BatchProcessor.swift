import Contracts
import Foundation
import Logging
import Postgres

/// Handles batches of messages: begin, inbox, handlers, outbox, commit (design, section 5). What it returns tells the lane
/// what to publish and how to settle each message.
public struct BatchProcessor: Sendable {
    let definition: ServiceDefinition
    let database: PostgresClient
    let moments: MomentSource
    let retryPolicy: RetryPolicy
    let metrics: MessagingMetrics
    let logger: Logger

    public init(
        definition: ServiceDefinition, database: PostgresClient, moments: MomentSource,
        retryPolicy: RetryPolicy = .standard, metrics: MessagingMetrics, logger: Logger
    ) {
        self.definition = definition
        self.database = database
        self.moments = moments
        self.retryPolicy = retryPolicy
        self.metrics = metrics
        self.logger = logger
    }

    /// How a message of the batch ends.
    public enum Disposition: Sendable, Equatable {
        /// Handled now, or seen before.
        case handled
        /// Failed: come back after this rest.
        case retry(after: Duration, failures: Int, reason: String)
        /// Will never succeed, or has failed too often.
        case deadLetter(failures: Int, reason: String)
    }

    /// What handling a batch has led to.
    public struct Result: Sendable {
        /// One for each message, in order; nil for one that is to be handled again because the database was in trouble.
        public var dispositions: [Disposition?]
        /// Why messages are left.
        public var interruption: (any Error)?
        var staged: EffectStaging.Staged

        /// The committed messages, to publish now.
        public var messages: [WireMessage] { staged.messages }
    }

    /// Handles the batch. First all messages in one transaction; if that fails, each in its own, so that a bad message does
    /// not harm its neighbours. When the database is in trouble, the messages that have not been handled yet are left.
    public func process(_ batch: [IncomingMessage], lane: String) async -> Result {
        let started = ContinuousClock.now
        var result = Result(
            dispositions: [Disposition?](repeating: nil, count: batch.count), staged: EffectStaging.Staged())
        var decoded: [(index: Int, message: DecodedMessage)] = []
        for (index, message) in batch.enumerated() {
            do {
                let known = try decode(message)
                if known.handler.isConcerned(by: known.body) {
                    decoded.append((index, known))
                } else {
                    result.dispositions[index] = .handled
                }
            } catch {
                result.dispositions[index] = .deadLetter(
                    failures: message.failures, reason: String(describing: error))
            }
        }
        if decoded.count <= 1 {
            await processOneByOne(decoded, of: batch, lane: lane, into: &result)
        } else {
            do {
                result.staged = try await commit(decoded.map(\.message), lane: lane)
                for (index, _) in decoded { result.dispositions[index] = .handled }
            } catch let error where DatabaseTrouble.isCause(of: error) {
                result.interruption = error
            } catch {
                logger.info(
                    "a batch failed and is handled message by message",
                    metadata: ["lane": "\(lane)", "count": "\(decoded.count)"])
                await processOneByOne(decoded, of: batch, lane: lane, into: &result)
            }
        }
        metrics.recordBatch(lane: lane, batch: batch, took: ContinuousClock.now - started, now: moments.now())
        return result
    }

    private func processOneByOne(
        _ decoded: [(index: Int, message: DecodedMessage)], of batch: [IncomingMessage], lane: String,
        into result: inout Result
    ) async {
        for (index, message) in decoded {
            do {
                let (disposition, staged) = try await processAlone(message, batch[index], lane: lane)
                result.dispositions[index] = disposition
                result.staged.append(staged)
            } catch {
                result.interruption = error
                return
            }
        }
    }

    /// - Throws: only what ``DatabaseTrouble`` is the cause of.
    private func processAlone(
        _ message: DecodedMessage, _ incoming: IncomingMessage, lane: String
    ) async throws -> (Disposition, EffectStaging.Staged) {
        do {
            return (.handled, try await commit([message], lane: lane))
        } catch let error where DatabaseTrouble.isCause(of: error) {
            throw error
        } catch {
            let failures = incoming.failures + 1
            let reason = FailureReason.text(of: error)
            logger.error(
                "a message could not be handled",
                metadata: [
                    "message_type": "\(incoming.envelope.type)", "message_id": "\(incoming.envelope.id)",
                    "correlation_id": "\(incoming.envelope.correlationID?.lowercaseText ?? "-")",
                    "traceparent": "\(incoming.envelope.traceparent ?? "-")",
                    "failures": "\(failures)", "error": "\(reason)",
                ])
            if let error = error as? MessagingError, error.isPermanent {
                return (.deadLetter(failures: failures, reason: reason), .init())
            }
            guard let delay = retryPolicy.delay(afterFailures: failures) else {
                return (.deadLetter(failures: failures, reason: reason), .init())
            }
            return (.retry(after: delay, failures: failures, reason: reason), .init())
        }
    }

    private struct DecodedMessage: Sendable {
        let envelope: Envelope
        let handler: any RegisteredMessageHandler
        let body: any Sendable
    }

    private func decode(_ message: IncomingMessage) throws -> DecodedMessage {
        guard let handler = definition.messageHandlers[message.envelope.type] else {
            throw MessagingError.unknownMessage(message.envelope.type)
        }
        return DecodedMessage(
            envelope: message.envelope, handler: handler, body: try handler.decode(message.envelope, message.body))
    }

    private func commit(_ messages: [DecodedMessage], lane: String) async throws -> EffectStaging.Staged {
        let moment = moments.moment()
        let staging = EffectStaging(service: definition.name)
        let performers = definition.jobPerformers
        return try await database.withTransaction { transaction in
            var pending: Set<UUID>
            do {
                pending = try Inbox.insert(
                    Array(Set(messages.map(\.envelope.id))), lane: lane, in: transaction, at: moment)
            } catch {
                throw DatabaseTrouble(underlying: error)
            }
            // The same message may be in the batch twice: only its first copy counts.
            let fresh = messages.filter { pending.remove($0.envelope.id) != nil }
            var work: [(cause: EffectStaging.Cause, effects: Effects)] = []
            for group in Self.groups(fresh) {
                let effects = try group[0].handler.handle(group.map(\.body), in: transaction, at: moment)
                for (message, effects) in zip(group, effects) {
                    work.append((EffectStaging.Cause(message.envelope), effects))
                }
            }
            return try staging.stage(work, performers: performers, in: transaction, at: moment)
        }
    }

    /// The messages by kind, kinds in the order of their first message.
    private static func groups(_ messages: [DecodedMessage]) -> [[DecodedMessage]] {
        var order: [String] = []
        var groups: [String: [DecodedMessage]] = [:]
        for message in messages {
            if groups[message.envelope.type] == nil { order.append(message.envelope.type) }
            groups[message.envelope.type, default: []].append(message)
        }
        return order.compactMap { groups[$0] }
    }
}
