import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// Answers requests inside transactions that run for the asking tenant.
struct RequestProcessor: Sendable {
    let definition: ServiceDefinition
    let database: PostgresClient
    let moments: MomentSource
    let metrics: MessagingMetrics
    let logger: Logger

    /// Requests of one kind and one organisation.
    struct Group: Sendable {
        var deliveries: [AMQPDelivery]
    }

    private struct Decoded: Sendable {
        let delivery: AMQPDelivery
        let envelope: Envelope
        let body: any Sendable
    }

    static func groups(_ deliveries: [AMQPDelivery]) -> [Group] {
        struct Key: Hashable {
            let type: String?
            let organization: String?
        }
        var order: [Key] = []
        var groups: [Key: Group] = [:]
        for delivery in deliveries {
            let key = Key(
                type: delivery.properties.type,
                organization: delivery.properties.headers[EnvelopeCodec.Header.organizationID]?.string)
            if groups[key] == nil { order.append(key) }
            groups[key, default: Group(deliveries: [])].deliveries.append(delivery)
        }
        return order.compactMap { groups[$0] }
    }

    /// When the asker stops waiting: the time of the request and its time to live. The clocks of the platform's machines agree
    /// to much less than a deadline.
    static func deadline(of delivery: AMQPDelivery) -> Timestamp? {
        guard let timeToLive = delivery.properties.expiration.flatMap(Int64.init), timeToLive >= 0,
            // What is malformed gets an answer that says so.
            let envelope = try? EnvelopeCodec.envelope(delivery.properties)
        else { return nil }
        return envelope.occurredAt + .milliseconds(min(timeToLive, 86_400_000))
    }

    /// Whether nobody waits for the answer any more.
    static func hasExpired(_ delivery: AMQPDelivery, at now: Timestamp) -> Bool {
        deadline(of: delivery).map { $0 < now } ?? false
    }

    /// - Returns: a reply for each request that can be replied to, and what was committed on the way.
    func answer(_ group: Group) async -> (replies: [AMQPMessage], staged: EffectStaging.Staged) {
        let started = ContinuousClock.now
        var replies: [AMQPMessage] = []
        var staged = EffectStaging.Staged()
        var decoded: [Decoded] = []
        for delivery in group.deliveries {
            do {
                decoded.append(try decode(delivery))
            } catch {
                logger.error("a request is malformed", metadata: ["error": "\(error)"])
                replies.append(reply(to: delivery, .failure(Problem(.internalError, "The request is malformed."))))
            }
        }
        if !decoded.isEmpty, let type = decoded.first?.envelope.type {
            let answers = await answer(decoded, &staged)
            for (request, answer) in zip(decoded, answers) { replies.append(reply(to: request.delivery, answer)) }
            let refused = answers.contains { if case .failure = $0 { true } else { false } }
            metrics.recordRequest(
                name: type, outcome: refused ? "refused" : "answered", took: ContinuousClock.now - started)
        }
        return (replies, staged)
    }

    private func decode(_ delivery: AMQPDelivery) throws -> Decoded {
        let envelope = try EnvelopeCodec.envelope(delivery.properties)
        guard let handler = definition.requestHandlers[envelope.type] else {
            throw MessagingError.unknownMessage(envelope.type)
        }
        // Without a tenant there is nothing for row-level security to hold on to.
        guard envelope.organizationID != nil else { throw MessagingError.missingOrganization(envelope.type) }
        return Decoded(delivery: delivery, envelope: envelope, body: try handler.decode(envelope, delivery.body))
    }

    /// Together first; one by one when that fails, so that a request is only ever refused for its own reasons.
    private func answer(
        _ requests: [Decoded], _ staged: inout EffectStaging.Staged
    ) async -> [Result<[UInt8], Problem>] {
        do {
            let (answers, committed) = try await commit(requests)
            staged.append(committed)
            return answers
        } catch {
            guard requests.count > 1 else { return [.failure(problem(for: error, requests[0]))] }
        }
        var answers: [Result<[UInt8], Problem>] = []
        for request in requests { answers += await answer([request], &staged) }
        return answers
    }

    private func commit(
        _ requests: [Decoded]
    ) async throws -> ([Result<[UInt8], Problem>], EffectStaging.Staged) {
        var attempt = 1
        while true {
            do {
                return try await commitOnce(requests)
            } catch let error as PostgresError where error.isRetriable && attempt < 3 && isAwaited(requests) {
                // A conflict with another transaction, or a connection that had died unnoticed.
                attempt += 1
            }
        }
    }

    private func isAwaited(_ requests: [Decoded]) -> Bool {
        let now = moments.now()
        return requests.contains { !Self.hasExpired($0.delivery, at: now) }
    }

    private func commitOnce(
        _ requests: [Decoded]
    ) async throws -> ([Result<[UInt8], Problem>], EffectStaging.Staged) {
        guard let first = requests.first, let handler = definition.requestHandlers[first.envelope.type] else {
            return ([], .init())
        }
        let moment = moments.moment()
        let staging = EffectStaging(service: definition.name)
        let performers = definition.jobPerformers
        return try await database.withTransaction(
            scope: scope(of: first.envelope), readOnly: handler.isReadOnly
        ) { transaction in
            let answers = try handler.answer(requests.map(\.body), in: transaction, at: moment)
            let work = zip(requests, answers).map { request, answer in
                (EffectStaging.Cause(request.envelope), answer.effects)
            }
            let staged = try staging.stage(work, performers: performers, in: transaction, at: moment)
            return (answers.map(\.reply), staged)
        }
    }

    private func scope(of envelope: Envelope) -> PostgresScope {
        guard let organizationID = envelope.organizationID else { return .service }
        return .tenant(role: "\(definition.name)_tenant", organizationID: organizationID.rawValue)
    }

    private func problem(for error: any Error, _ request: Decoded) -> Problem {
        if let problem = error as? Problem { return problem }
        logger.error(
            "a request could not be answered",
            metadata: [
                "message_type": "\(request.envelope.type)", "message_id": "\(request.envelope.id)",
                "traceparent": "\(request.envelope.traceparent ?? "-")",
                "error": "\(FailureReason.text(of: error))",
            ])
        if DatabaseTrouble.isCause(of: error) {
            return Problem(.unavailable, "The service cannot answer now. Try again.", retryAfterSeconds: 1)
        }
        return Problem(.internalError, "Something went wrong on our side.")
    }

    private func reply(to delivery: AMQPDelivery, _ answer: Result<[UInt8], Problem>) -> AMQPMessage {
        let body: [UInt8]
        let outcome: String
        switch answer {
        case .success(let bytes): (body, outcome) = (bytes, "ok")
        case .failure(let problem):
            // A problem is a few strings: encoding it cannot fail, and an empty body reads as unavailable.
            (body, outcome) = ((try? MessageCodec.encode(problem)) ?? [], "refused")
        }
        var properties = AMQPProperties(
            correlationID: delivery.properties.correlationID, appID: definition.name.rawValue,
            contentType: MessageCodec.contentType, deliveryMode: .transient,
            headers: [EnvelopeCodec.Header.outcome: .string(outcome)])
        properties.type = delivery.properties.type
        // Not mandatory: an asker that has gone needs no answer.
        return AMQPMessage(
            routingKey: delivery.properties.replyTo ?? "", mandatory: false, properties: properties, body: body)
    }
}
