import AMQP
import Contracts
import Dispatch
import Synchronization

/// Sends requests of one kind together when there are many, as one AMQP message, which is answered with one: those of one
/// organisation, and quick ones of all.
///
/// A request leaves at once while few of its kind have left just before. Then those that come within a few milliseconds
/// leave together, whether answers are back or not: a service that is slow to answer holds up nobody else, and one that is
/// quick is not asked for each alone.
final class RequestGathering: Sendable {
    typealias Send = @Sendable (AMQPMessage, Duration) async throws -> AMQPDelivery

    /// The longest a request waits for company.
    static let longestGathering = Duration.milliseconds(10)
    /// How many messages of one kind leave at once after a rest.
    static let burst = 2

    private struct Kind: Hashable {
        let routingKey: String
        let type: String
        /// nil for requests of a kind that is asked for several organisations together.
        let organizationID: OrganizationID?
        let timeout: Duration
    }

    private struct Waiting {
        let number: UInt64
        let message: WireMessage
    }

    private struct Lane {
        var waiting: [Waiting] = []
        /// Counts the gatherings, so that a timer ends the one that it was set for.
        var round: UInt64 = 0
        var pace: BatchPace
    }

    private struct State {
        var lanes: [Kind: Lane] = [:]
        var askers: [UInt64: CheckedContinuation<AnswerBundle.Answer, any Error>] = [:]
        var lastNumber: UInt64 = 0

        /// The lane of a kind; with a new one, those that have rested long enough to be like new are forgotten.
        mutating func lane(of kind: Kind, at now: Duration) -> Lane {
            if let lane = lanes[kind] { return lane }
            lanes = lanes.filter { !$0.value.waiting.isEmpty || !$0.value.pace.isWhole(at: now) }
            return Lane(pace: BatchPace(interval: longestGathering, burst: burst, at: now))
        }
    }

    private let send: Send
    private let state = Mutex(State())
    private let timers = DispatchQueue(label: "request-gathering")
    private let start = ContinuousClock.now

    init(send: @escaping Send) {
        self.send = send
    }

    /// Asks, alone or with others, and waits for the answer.
    /// - Parameter isQuick: whether it may travel with other organisations' requests.
    /// - Throws: what sending it throws, or `CancellationError`.
    func ask(_ message: WireMessage, isQuick: Bool, timeout: Duration) async throws -> AnswerBundle.Answer {
        let kind = Kind(
            routingKey: message.routingKey, type: message.envelope.type,
            organizationID: isQuick ? nil : message.envelope.organizationID, timeout: timeout)
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
        let now = ContinuousClock.now - start
        let (batch, round, rest) = state.withLock { state -> ([Waiting]?, UInt64, Duration?) in
            state.askers[waiting.number] = continuation
            var lane = state.lane(of: kind, at: now)
            defer { state.lanes[kind] = lane }
            lane.waiting.append(waiting)
            if Self.isFull(lane) {
                // The first of several has counted a bundle for a time that has not come yet.
                if lane.waiting.count > 1 { lane.pace.giveBack() }
                return (Self.take(&lane), lane.round, nil)
            }
            guard lane.waiting.count == 1 else { return (nil, lane.round, nil) }
            let rest = lane.pace.begin(at: now)
            return rest > .zero ? (nil, lane.round, rest) : (Self.take(&lane), lane.round, nil)
        }
        if let batch { send(batch, kind) }
        guard let rest else { return }
        let microseconds = Int(min(rest, Self.longestGathering) / .microseconds(1))
        timers.asyncAfter(deadline: .now() + .microseconds(microseconds)) { [weak self] in
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
        if let batch { send(batch, kind) }
    }

    private static func isFull(_ lane: Lane) -> Bool {
        lane.waiting.count == MessageBundle.maximumCount
            || lane.waiting.reduce(0) { $0 + $1.message.body.count } >= MessageBundle.maximumBytes
    }

    private static func take(_ lane: inout Lane) -> [Waiting] {
        defer {
            lane.waiting = []
            lane.round += 1
        }
        return lane.waiting
    }

    private func send(_ batch: [Waiting], _ kind: Kind) {
        // Unstructured because it serves several askers; it ends with the answer, or with the timeout.
        Task { await exchange(batch, kind) }
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
