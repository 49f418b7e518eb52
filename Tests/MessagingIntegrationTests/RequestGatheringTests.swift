import AMQP
import Contracts
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Messaging

/// Which requests travel together, and whose answer is whose.
@Suite("Gathering of requests", .timeLimit(.minutes(1)))
struct RequestGatheringTests {
    private struct NoAnswer: Error {}

    /// Takes what is sent, and answers it when it is told to.
    private final class Wire: Sendable {
        private struct Sent {
            let bodies: [String]
            let answer: CheckedContinuation<AMQPDelivery, any Error>
        }

        private let sent = Mutex<[Sent]>([])

        /// What each message that has been sent and not answered carries.
        var bodies: [[String]] { sent.withLock { $0.map(\.bodies) } }

        func send(_ message: AMQPMessage) async throws -> AMQPDelivery {
            let bodies = try MessageBundle.messages(in: Self.delivery(message)).map {
                String(decoding: $0.body, as: UTF8.self)
            }
            return try await withCheckedThrowingContinuation { continuation in
                sent.withLock { $0.append(Sent(bodies: bodies, answer: continuation)) }
            }
        }

        /// Answers the oldest message: with each request's own body, and a refusal of "refuse".
        func answer() {
            let sent = sent.withLock { $0.removeFirst() }
            let answers = sent.bodies.map {
                AnswerBundle.Answer(outcome: $0 == "refuse" ? .refused : .ok, body: Array($0.utf8))
            }
            sent.answer.resume(returning: Self.reply(answers))
        }

        func fail() {
            sent.withLock { $0.removeFirst() }.answer.resume(throwing: NoAnswer())
        }

        func answer(_ answers: [AnswerBundle.Answer]) {
            sent.withLock { $0.removeFirst() }.answer.resume(returning: Self.reply(answers))
        }

        private static func reply(_ answers: [AnswerBundle.Answer]) -> AMQPDelivery {
            var properties = AMQPProperties(contentType: MessageCodec.contentType)
            guard answers.count == 1 else {
                properties.contentType = MessageBundle.contentType
                return delivery(AMQPMessage(routingKey: "", properties: properties, body: AnswerBundle.body(answers)))
            }
            properties.headers[EnvelopeCodec.Header.outcome] = .string(answers[0].outcome.rawValue)
            return delivery(AMQPMessage(routingKey: "", properties: properties, body: answers[0].body))
        }

        private static func delivery(_ message: AMQPMessage) -> AMQPDelivery {
            AMQPDelivery(
                queue: "q", consumerTag: "t", deliveryTag: 1, connectionEpoch: 1, redelivered: false,
                exchange: message.exchange, routingKey: message.routingKey, properties: message.properties,
                body: message.body)
        }
    }

    private let wire = Wire()
    private let gathering: RequestGathering

    init() {
        gathering = RequestGathering { [wire] message, _ in try await wire.send(message) }
    }

    private func request(
        _ body: String, type: String = "tests.a.v1", of organizationID: OrganizationID = .example
    ) -> WireMessage {
        WireMessage(
            exchange: "e", routingKey: "k",
            envelope: Envelope(
                id: UUID(), type: type, occurredAt: Timestamp(millisecondsSince1970: 1_795_000_000_000),
                organizationID: organizationID, appID: "gateway"),
            body: Array(body.utf8))
    }

    private func ask(
        _ body: String, type: String = "tests.a.v1", of organizationID: OrganizationID = .example, isQuick: Bool = false
    ) async throws -> AnswerBundle.Answer {
        try await gathering.ask(
            request(body, type: type, of: organizationID), isQuick: isQuick, timeout: .seconds(5))
    }

    private func eventually(_ bodies: [[String]]) async throws {
        try await waitUntil { wire.bodies.map { $0.sorted() } == bodies }
    }

    /// The suite's time limit ends a wait that nothing ends.
    private func waitUntil(_ condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test("Two requests leave at once, those that come then need no answer to leave, and each has its own answer")
    func together() async throws {
        async let first = ask("first")
        try await eventually([["first"]])
        async let second = ask("second")
        try await eventually([["first"], ["second"]])
        async let third = ask("third")
        async let fourth = ask("refuse")
        async let other = ask("other", type: "tests.b.v1")
        try await waitUntil { Set(wire.bodies.flatMap(\.self)).count == 5 }
        #expect(wire.bodies.contains(["other"]), "another kind was gathered with them")
        while !wire.bodies.isEmpty { wire.answer() }
        #expect(String(decoding: try await first.body, as: UTF8.self) == "first")
        #expect(String(decoding: try await second.body, as: UTF8.self) == "second")
        #expect(String(decoding: try await third.body, as: UTF8.self) == "third")
        #expect(try await fourth.outcome == .refused)
        #expect(String(decoding: try await other.body, as: UTF8.self) == "other")
    }

    /// Asks for three organisations at the same time, after two that leave at once.
    /// - Returns: whether some of them travelled together.
    private func travelTogether(isQuick: Bool) async throws -> Bool {
        var tasks = ["first", "second"].map { body in
            Task { try await ask(body, of: OrganizationID(UUID()), isQuick: isQuick) }
        }
        try await waitUntil { wire.bodies.flatMap(\.self).count == 2 }
        tasks += ["third", "fourth", "fifth"].map { body in
            Task { try await ask(body, of: OrganizationID(UUID()), isQuick: isQuick) }
        }
        try await waitUntil { wire.bodies.flatMap(\.self).count == 5 }
        let together = wire.bodies.contains { $0.count > 1 }
        while !wire.bodies.isEmpty { wire.answer() }
        for task in tasks { #expect(try await task.value.outcome == .ok) }
        return together
    }

    @Test("Quick requests of several organisations travel together, others never do")
    func organizations() async throws {
        for _ in 0..<20 { #expect(try await !travelTogether(isQuick: false)) }
        // Whether they come within the same few milliseconds is the machine's business.
        while try await !travelTogether(isQuick: true) {}
    }

    @Test("A full bundle leaves without waiting, and every asker gets the answer to its own request")
    func full() async throws {
        try await withThrowingTaskGroup(of: (String, String).self) { group in
            let count = 300
            for number in 0..<count {
                group.addTask {
                    let body = "number \(number)"
                    return (body, String(decoding: try await ask(body).body, as: UTF8.self))
                }
            }
            var answered = 0
            while answered < count {
                try await waitUntil { !wire.bodies.isEmpty }
                #expect(wire.bodies.allSatisfy { $0.count <= MessageBundle.maximumCount })
                answered += wire.bodies[0].count
                wire.answer()
            }
            for try await (asked, answer) in group { #expect(asked == answer) }
        }
    }

    @Test("What fails fails for all that travelled together, and nobody else")
    func failure() async throws {
        let first = Task { try await ask("first") }
        try await eventually([["first"]])
        let second = Task { try await ask("second") }
        try await eventually([["first"], ["second"]])
        wire.fail()
        await #expect(throws: NoAnswer.self) { try await first.value }
        wire.answer([])
        await #expect(throws: MessagingError.self) { try await second.value }
        let third = Task { try await ask("third") }
        try await eventually([["third"]])
        wire.answer()
        #expect(try await third.value.outcome == .ok)
    }

    @Test("Whoever stops waiting hears so at once, and is not asked for when its request has not left")
    func cancellation() async throws {
        let sent = Task { try await ask("sent") }
        try await eventually([["sent"]])
        sent.cancel()
        await #expect(throws: CancellationError.self) { try await sent.value }
        wire.answer()
        let early = Task {
            // Cancelled before it asks.
            withUnsafeCurrentTask { $0?.cancel() }
            return try await ask("early")
        }
        await #expect(throws: CancellationError.self) { try await early.value }
        #expect(wire.bodies.isEmpty)
    }
}
