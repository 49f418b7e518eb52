import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// Answers requests inside transactions that run for the asking tenants, one after the other.
struct RequestProcessor: Sendable {
    let definition: ServiceDefinition
    let database: PostgresClient
    let moments: MomentSource
    let metrics: MessagingMetrics
    let logger: Logger

    /// Requests of one kind that are answered together.
    struct Group: Sendable {
        var deliveries: [AMQPDelivery]
    }

    private struct Decoded: Sendable {
        let organizationID: OrganizationID
        let envelope: Envelope
        let body: any Sendable
        let deadline: Timestamp?

        func isAwaited(at now: Timestamp) -> Bool { deadline.map { $0 >= now } ?? true }
    }

    /// The requests of each kind and organisation. What travelled as a bundle is a group of its own, whoever asks: it is
    /// answered as one.
    static func groups(_ deliveries: [AMQPDelivery]) -> [Group] {
        struct Key: Hashable {
            let type: String?
            let bundle: UInt64?
            let organization: String?
        }
        var order: [Key] = []
        var groups: [Key: Group] = [:]
        for delivery in deliveries {
            let isBundle = delivery.properties.contentType == MessageBundle.contentType
            let key = Key(
                type: delivery.properties.type, bundle: isBundle ? delivery.deliveryTag : nil,
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
        var staged = EffectStaging.Staged()
        let requests = group.deliveries.map(Asked.init)
        // Where a request's answer goes: the delivery and the place in it.
        var places: [(delivery: Int, request: Int)] = []
        var decoded: [Decoded] = []
        var answers: [[Answered]] = requests.map { asked in
            [Answered](
                repeating: .failure(Problem(.internalError, "The request is malformed.")), count: asked.count)
        }
        for (position, asked) in requests.enumerated() {
            for (place, message) in asked.messages.enumerated() {
                do {
                    decoded.append(try decode(message, in: asked.delivery))
                    places.append((position, place))
                } catch {
                    logger.error("a request is malformed", metadata: ["error": "\(error)"])
                }
            }
        }
        if let type = decoded.first?.envelope.type {
            let outcomes = await answer(decoded, &staged)
            for (place, outcome) in zip(places, outcomes) { answers[place.delivery][place.request] = outcome }
            let refused = outcomes.contains { if case .failure = $0 { true } else { false } }
            metrics.recordRequest(
                name: type, outcome: refused ? "refused" : "answered", took: ContinuousClock.now - started)
        }
        let replies = zip(requests, answers).map { asked, answers in reply(to: asked.delivery, answers) }
        return (replies, staged)
    }

    private typealias Answered = Result<[UInt8], Problem>

    /// What one delivery asks: one thing, several, or, when it cannot be read, nothing.
    private struct Asked {
        let delivery: AMQPDelivery
        let messages: [Result<IncomingMessage, any Error>]

        init(_ delivery: AMQPDelivery) {
            self.delivery = delivery
            if delivery.properties.contentType == MessageBundle.contentType {
                do {
                    messages = try MessageBundle.messages(in: delivery).map { .success($0) }
                } catch {
                    messages = [.failure(error)]
                }
            } else {
                messages = [
                    Result {
                        IncomingMessage(envelope: try EnvelopeCodec.envelope(delivery.properties), body: delivery.body)
                    }
                ]
            }
        }

        var count: Int { messages.count }
    }

    private func decode(_ message: Result<IncomingMessage, any Error>, in delivery: AMQPDelivery) throws -> Decoded {
        let message = try message.get()
        // All of a group are answered by one handler.
        guard message.envelope.type == delivery.properties.type else {
            throw MessagingError.malformedEnvelope("a bundle of requests must be of one kind")
        }
        guard let handler = definition.requestHandlers[message.envelope.type] else {
            throw MessagingError.unknownMessage(message.envelope.type)
        }
        // Without a tenant there is nothing for row-level security to hold on to.
        guard let organizationID = message.envelope.organizationID else {
            throw MessagingError.missingOrganization(message.envelope.type)
        }
        return Decoded(
            organizationID: organizationID, envelope: message.envelope,
            body: try handler.decode(message.envelope, message.body),
            deadline: Self.deadline(of: delivery))
    }

    /// Together first; when that fails by organisation and then one by one, so that a request is only ever refused for its own
    /// reasons. What has expired meanwhile is not carried out: its asker has heard that it was not.
    private func answer(
        _ requests: [Decoded], _ staged: inout EffectStaging.Staged
    ) async -> [Answered] {
        do {
            let (answers, committed) = try await commit(requests)
            staged.append(committed)
            return answers
        } catch {
            guard requests.count > 1 else { return [.failure(problem(for: error, requests[0]))] }
        }
        let tenants = Self.byOrganization(requests)
        var answers: [Int: Answered] = [:]
        for positions in tenants.count > 1 ? tenants : requests.indices.map({ [$0] }) {
            let now = moments.now()
            let awaited = positions.filter { requests[$0].isAwaited(at: now) }
            let part = awaited.isEmpty ? [] : await answer(awaited.map { requests[$0] }, &staged)
            for (position, answer) in zip(awaited, part) { answers[position] = answer }
        }
        return requests.indices.map { answers[$0] ?? .failure(Self.late) }
    }

    private static let late = Problem(
        .unavailable, "The service did not answer in time. Try again.", retryAfterSeconds: 1)

    /// The positions of each organisation's requests. In one order for everybody, also for batches of messages, so that two
    /// transactions for the same organisations do not deadlock.
    private static func byOrganization(_ requests: [Decoded]) -> [[Int]] {
        Dictionary(grouping: requests.indices) { requests[$0].organizationID }
            .sorted { $0.key.rawValue < $1.key.rawValue }
            .map(\.value)
    }

    private func commit(
        _ requests: [Decoded]
    ) async throws -> ([Answered], EffectStaging.Staged) {
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
        return requests.contains { $0.isAwaited(at: now) }
    }

    private func commitOnce(
        _ requests: [Decoded]
    ) async throws -> ([Answered], EffectStaging.Staged) {
        guard let first = requests.first, let handler = definition.requestHandlers[first.envelope.type] else {
            return ([], .init())
        }
        let moment = moments.moment()
        let staging = EffectStaging(service: definition.name)
        let performers = definition.jobPerformers
        let tenants = Self.byOrganization(requests)
        let scope = PostgresScope.tenant(
            role: "\(definition.name)_tenant", organizationID: requests[tenants[0][0]].organizationID.rawValue)
        return try await database.withTransaction(scope: scope, readOnly: handler.isReadOnly) { transaction in
            var answers: [Int: EncodedAnswer] = [:]
            for (number, positions) in tenants.enumerated() {
                if number > 0 {
                    try transaction.enter(organizationID: requests[positions[0]].organizationID.rawValue)
                }
                let own = try handler.answer(positions.map { requests[$0].body }, in: transaction, at: moment)
                for (position, answer) in zip(positions, own) { answers[position] = answer }
            }
            let work = requests.indices.compactMap { position in
                answers[position].map { (EffectStaging.Cause(requests[position].envelope), $0.effects) }
            }
            let staged = try staging.stage(work, performers: performers, in: transaction, at: moment)
            return (requests.indices.compactMap { answers[$0]?.reply }, staged)
        }
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

    /// One answer travels as itself, those to a bundle as a bundle.
    private func reply(to delivery: AMQPDelivery, _ answers: [Answered]) -> AMQPMessage {
        let encoded = answers.map(Self.encoded)
        var properties = AMQPProperties(
            correlationID: delivery.properties.correlationID, appID: definition.name.rawValue,
            contentType: MessageCodec.contentType, deliveryMode: .transient,
            headers: [EnvelopeCodec.Header.outcome: .string(encoded.first?.outcome.rawValue ?? "")])
        properties.type = delivery.properties.type
        var body = encoded.first?.body ?? []
        if encoded.count > 1 {
            properties.contentType = MessageBundle.contentType
            properties.headers = [:]
            body = AnswerBundle.body(encoded)
        }
        // Not mandatory: an asker that has gone needs no answer.
        return AMQPMessage(
            routingKey: delivery.properties.replyTo ?? "", mandatory: false, properties: properties, body: body)
    }

    private static func encoded(_ answer: Answered) -> AnswerBundle.Answer {
        switch answer {
        case .success(let bytes): AnswerBundle.Answer(outcome: .ok, body: bytes)
        case .failure(let problem):
            // A problem is a few strings: encoding it cannot fail, and an empty body reads as unavailable.
            AnswerBundle.Answer(outcome: .refused, body: (try? MessageCodec.encode(problem)) ?? [])
        }
    }
}
