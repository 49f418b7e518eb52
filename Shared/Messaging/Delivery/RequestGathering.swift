import AMQP
import Contracts
import Dispatch
import Synchronization

/// Sends requests of one kind and one organisation together when there are many: as one AMQP message, which is answered
/// with one.
///
/// A request leaves at once while few of its kind are under way. Then those that come meanwhile leave together, as soon as
/// an answer is back, and after ``longestGathering`` in any case: a service that is slow to answer holds up nobody else.
final class RequestGathering: Sendable {
    typealias Send = @Sendable (AMQPMessage, Duration) async throws -> AMQPDelivery

    /// How many messages of one kind are under way before further requests gather.
    static let freeCount = 2
    /// The longest a request waits for company.
    static let longestGathering = Duration.milliseconds(10)

    private struct Kind: Hashable {
        let routingKey: String
        let type: String
        let organizationID: OrganizationID?
        let timeout: Duration
    }

    private struct Waiting {
        let number: UInt64
        let message: WireMessage
    }

    private struct Lane {
        var underWay = 0
        var waiting: [Waiting] = []
        /// Counts the gatherings, so that a timer ends the one that it was set for.
        var round: UInt64 = 0
    }

    private struct State {
        var lanes: [Kind: Lane] = [:]
        var askers: [UInt64: CheckedContinuation<AnswerBundle.Answer, any Error>] = [:]
        var lastNumber: UInt64 = 0
    }

    private let send: Send
    private let state = Mutex(State())
    private let timers = DispatchQueue(label: "request-gathering")

    init(send: @escaping Send) {
        self.send = send
    }

    /// Asks, alone or with others, and waits for the answer.
    /// - Throws: what sending it throws, or `CancellationError`.
    func ask(_ message: WireMessage, timeout: Duration) async throws -> AnswerBundle.Answer {
        let kind = Kind(
            routingKey: message.routingKey, type: message.envelope.type,
            organizationID: message.envelope.organizationID, timeout: timeout)
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // The cancellation handler may have run before this; then nobody would resume the continuation.
                guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                add(Waiting(number: number, message: message), of: kind, continuation)
            }
        } onCancel: {
            finish(number, .failure(CancellationError()))
        }
    }

    private func add(
        _ waiting: Waiting, of kind: Kind, _ continuation: CheckedContinuation<AnswerBundle.Answer, any Error>
    ) {
        let (batch, round) = state.withLock { state -> ([Waiting]?, UInt64?) in
            state.askers[waiting.number] = continuation
            var lane = state.lanes[kind] ?? Lane()
            defer { state.lanes[kind] = lane }
            lane.waiting.append(waiting)
            if lane.underWay < Self.freeCount || Self.isFull(lane) {
                return (Self.take(&lane), nil)
            }
            return (nil, lane.waiting.count == 1 ? lane.round : nil)
        }
        if let batch { start(batch, kind) }
        guard let round else { return }
        timers.asyncAfter(deadline: .now() + .milliseconds(Int(Self.longestGathering.milliseconds))) { [weak self] in
            self?.end(round, of: kind)
        }
    }

    /// Ends a gathering that has lasted as long as it may.
    private func end(_ round: UInt64, of kind: Kind) {
        let batch = state.withLock { state -> [Waiting]? in
            guard var lane = state.lanes[kind], lane.round == round, !lane.waiting.isEmpty else { return nil }
            defer { state.lanes[kind] = lane }
            return Self.take(&lane)
        }
        if let batch { start(batch, kind) }
    }

    private static func isFull(_ lane: Lane) -> Bool {
        lane.waiting.count == MessageBundle.maximumCount
            || lane.waiting.reduce(0) { $0 + $1.message.body.count } >= MessageBundle.maximumBytes
    }

    private static func take(_ lane: inout Lane) -> [Waiting] {
        defer {
            lane.waiting = []
            lane.round += 1
            lane.underWay += 1
        }
        return lane.waiting
    }

    private func start(_ batch: [Waiting], _ kind: Kind) {
        // Unstructured because it serves several askers; it ends with the answer, or with the timeout.
        Task {
            await exchange(batch, kind)
            let next = state.withLock { state -> [Waiting]? in
                guard var lane = state.lanes[kind] else { return nil }
                lane.underWay -= 1
                let next = lane.waiting.isEmpty || lane.underWay >= Self.freeCount ? nil : Self.take(&lane)
                state.lanes[kind] = lane.underWay == 0 ? nil : lane
                return next
            }
            if let next { start(next, kind) }
        }
    }

    private func exchange(_ batch: [Waiting], _ kind: Kind) async {
        // Whoever has gone needs no answer, and what nobody waits for need not be asked.
        let askers = state.withLock { state in batch.filter { state.askers[$0.number] != nil } }
        guard !askers.isEmpty else { return }
        do {
            let message = MessageBundle.request(askers.map(\.message), timeout: kind.timeout)
            let reply = try await send(message, kind.timeout)
            let answers = try Self.answers(in: reply, to: askers.count)
            for (asker, answer) in zip(askers, answers) { finish(asker.number, .success(answer)) }
        } catch {
            for asker in askers { finish(asker.number, .failure(error)) }
        }
    }

    private static func answers(in reply: AMQPDelivery, to count: Int) throws -> [AnswerBundle.Answer] {
        guard reply.properties.contentType == MessageBundle.contentType else {
            let outcome = reply.properties.headers[EnvelopeCodec.Header.outcome]?.string
            let answer = AnswerBundle.Answer(
                outcome: outcome.flatMap(AnswerBundle.Outcome.init) ?? .refused, body: reply.body)
            // To a bundle that could not be read there is one answer for all.
            return Array(repeating: answer, count: count)
        }
        let answers = try AnswerBundle.answers(in: reply.body)
        guard answers.count == count else {
            throw MessagingError.malformedEnvelope("a bundle must have an answer for each of its requests")
        }
        return answers
    }

    private func finish(_ number: UInt64, _ result: Result<AnswerBundle.Answer, any Error>) {
        state.withLock { $0.askers.removeValue(forKey: number) }?.resume(with: result)
    }
}
